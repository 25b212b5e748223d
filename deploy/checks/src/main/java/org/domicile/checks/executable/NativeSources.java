package org.domicile.checks.executable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import java.util.zip.ZipFile;
import org.domicile.checks.Sources;

/**
 * What a native compiler is given for one service: {@code target/native-sources} after a build with {@code -Dnative-sources}.
 *
 * @param arguments of the compiler, as written
 * @param jar the application; the libraries are in {@code lib} beside it
 * @param reflective classes whose members may be looked up by name
 * @param resources patterns of the files that go into the executable
 * @param initializedLate classes that are initialised when the executable starts, by configuration of ours
 */
public record NativeSources(
        String service,
        List<String> arguments,
        Path jar,
        Set<String> reflective,
        List<Pattern> resources,
        Set<String> initializedLate) {
    public static final List<String> SERVICES = List.of(
            "account-service", "cloud-backup-service", "messaging-service", "migration-service", "outside-participant");
    private static final String CONFIGURATION = "META-INF/native-image/";
    private static final Pattern OURS = Pattern.compile("META-INF/native-image/org\\.domicile/.*\\.properties");
    private static final Pattern LATE = Pattern.compile("--initialize-at-run-time=(\\S+)");

    public static NativeSources of(String service, Sources sources) {
        var folder = sources.path(service + "/target/native-sources");
        var arguments = List.of(sources.read(service + "/target/native-sources/native-image.args")
                .strip()
                .split("\\s+"));
        var jar = folder.resolve(arguments.getLast());
        try {
            var reflective = new TreeSet<String>();
            json(jar, "reflect-config.json")
                    .forEach(entry -> reflective.add(entry.path("name").asText()));
            var resources = StreamSupport.stream(
                            json(jar, "resource-config.json")
                                    .path("resources")
                                    .path("includes")
                                    .spliterator(),
                            false)
                    .map(entry -> Pattern.compile(entry.path("pattern").asText()))
                    .toList();
            var late = new TreeSet<String>();
            for (var file : ours(jar)) {
                late.addAll(initializedLate(file));
            }
            return new NativeSources(service, arguments, jar, reflective, resources, late);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean includes(String resource) {
        return resources.stream().anyMatch(p -> p.matcher(resource).matches());
    }

    /** All classes of ours in the application and its libraries; none of them is initialised. */
    public List<Class<?>> classes() {
        var found = new ArrayList<Class<?>>();
        try {
            var loader = loader();
            for (var file : ours(jar)) {
                for (var name : classNames(file)) {
                    found.add(Class.forName(name, false, loader));
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private URLClassLoader loader() throws IOException {
        var urls = new ArrayList<URL>(List.of(jar.toUri().toURL()));
        try (var files = Files.list(jar.resolveSibling("lib"))) {
            for (var file : files.toList()) {
                urls.add(file.toUri().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private static List<Path> ours(Path jar) throws IOException {
        var all = new ArrayList<>(List.of(jar));
        try (var files = Files.list(jar.resolveSibling("lib"))) {
            files.filter(f -> f.getFileName().toString().startsWith("org.domicile."))
                    .forEach(all::add);
        }
        return all;
    }

    private static List<String> classNames(Path file) throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            return zip.stream()
                    .map(entry -> entry.getName())
                    .filter(n -> n.startsWith("org/domicile/") && n.endsWith(".class"))
                    .map(n -> n.substring(0, n.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
    }

    private static Set<String> initializedLate(Path file) throws IOException {
        var late = new TreeSet<String>();
        try (var zip = new ZipFile(file.toFile())) {
            for (var entry : zip.stream()
                    .filter(e -> OURS.matcher(e.getName()).matches())
                    .toList()) {
                var properties = new Properties();
                properties.load(zip.getInputStream(entry));
                LATE.matcher(properties.getProperty("Args", ""))
                        .results()
                        .forEach(m -> late.addAll(List.of(m.group(1).split(","))));
            }
        }
        return late;
    }

    private static JsonNode json(Path jar, String name) throws IOException {
        try (var zip = new ZipFile(jar.toFile())) {
            return new ObjectMapper().readTree(zip.getInputStream(zip.getEntry(CONFIGURATION + name)));
        }
    }
}
