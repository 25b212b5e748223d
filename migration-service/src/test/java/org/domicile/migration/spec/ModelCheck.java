package org.domicile.migration.spec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tlc2.TLC;

/** One run of TLC. TLC keeps its state in static fields, so each run has a class loader of its own. */
public final class ModelCheck {
    private static final String MODULE = "AccountMove.tla";

    private ModelCheck() {}

    /** @return what TLC printed */
    public static String run(Path spec, String config) throws Exception {
        return run(spec, MODULE, config);
    }

    /** The same for another module of the folder. */
    public static String run(Path spec, String module, String config) throws Exception {
        var jar = TLC.class.getProtectionDomain().getCodeSource().getLocation();
        var output = new ByteArrayOutputStream();
        var states = Files.createTempDirectory("tlc");
        try (var loader = new URLClassLoader(new URL[] {jar}, ClassLoader.getPlatformClassLoader());
                var out = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            loader.loadClass("util.ToolIO").getField("out").set(null, out);
            var type = loader.loadClass("tlc2.TLC");
            var tlc = type.getConstructor().newInstance();
            var arguments = new String[] {
                "-config",
                spec.resolve(config).toString(),
                "-metadir",
                states.toString(),
                "-workers",
                "2",
                spec.resolve(module).toString()
            };
            if (Boolean.TRUE.equals(
                    type.getMethod("handleParameters", String[].class).invoke(tlc, (Object) arguments))) {
                type.getMethod("process").invoke(tlc);
            }
        } finally {
            delete(states);
        }
        return output.toString(StandardCharsets.UTF_8);
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
