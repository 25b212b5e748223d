package org.domicile.checks.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.domicile.checks.Sources;

/**
 * A region's folder of overlays.
 *
 * @param managed Kafka, PostgreSQL and the object store are AWS's
 */
public record Overlay(Path folder, boolean managed) {
    /** All regions of {@code deploy/kubernetes/overlays}. */
    public static final List<Overlay> ALL = of(Sources.here().path("deploy/kubernetes/overlays"));

    private static final Map<Overlay, Manifests> RENDERED = new ConcurrentHashMap<>();

    /** Every region below, those with their own data centre first. */
    static List<Overlay> of(Path overlays) {
        try (var folders = Files.list(overlays)) {
            return folders.map(Overlay::read)
                    .sorted(Comparator.comparing(Overlay::managed).thenComparing(Overlay::region))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Overlay read(Path folder) {
        try {
            var text = Files.readString(folder.resolve("kustomization.yaml"));
            return new Overlay(folder, text.contains("/components/aws\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String region() {
        return folder.getFileName().toString();
    }

    /** What {@code kubectl kustomize} makes of it. */
    public Manifests rendered() {
        return RENDERED.computeIfAbsent(this, o -> Manifests.parse(render(o.folder)));
    }

    /** What {@code kubectl kustomize} makes of a folder. */
    static String render(Path folder) {
        return output("kubectl", "kustomize", folder.toString());
    }

    /** Whether this machine has a kubectl whose kustomize knows components and replacements (5 or newer). */
    public static boolean canRender() {
        try {
            var version = output("kubectl", "version", "--client", "-o", "json");
            return version.matches("(?s).*\"kustomizeVersion\": *\"v?([5-9]|\\d\\d).*");
        } catch (UncheckedIOException | IllegalStateException e) {
            return false;
        }
    }

    private static String output(String... command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " ended with " + process.exitValue());
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return region();
    }
}
