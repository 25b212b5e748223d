package org.domicile.system;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.domicile.client.sdk.Account;

/** The restic program as the distribution ships it, on a repository behind HTTPS. */
final class StockRestic {
    private final Path certificateAuthority;
    private final Path cache;

    StockRestic(Path certificateAuthority, Path cache) {
        this.certificateAuthority = certificateAuthority;
        this.cache = cache;
    }

    static boolean isInstalled() {
        try {
            return new ProcessBuilder("restic", "version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    record Ended(int code, String output) {}

    Ended run(URI origin, Account.Device device, String repository, String... arguments)
            throws IOException, InterruptedException {
        var address = "rest:https://" + device.id() + ":" + device.secret().reveal() + "@" + origin.getAuthority()
                + "/restic/" + repository + "/";
        var command = new ArrayList<>(List.of(
                "restic", "-r", address, "--cacert", certificateAuthority.toString(), "--cache-dir", cache.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("RESTIC_PASSWORD", "of the stock client");
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("restic did not end: " + output);
        }
        return new Ended(process.exitValue(), output);
    }
}
