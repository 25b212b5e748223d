package org.domicile.checks.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.domicile.checks.Sources;

/** A region's folder in {@code deploy/kubernetes/overlays}. */
public record Overlay(String region, boolean managed) {
    /** All regions; {@code managed}: Kafka, PostgreSQL and the object store are AWS's. */
    public static final List<Overlay> ALL = List.of(
            new Overlay("cn-north", false),
            new Overlay("in-west", false),
            new Overlay("sa-east", false),
            new Overlay("ap-southeast", true),
            new Overlay("us-west", true));

    private static final Map<Overlay, Manifests> RENDERED = new ConcurrentHashMap<>();

    /** What {@code kubectl kustomize} makes of it. */
    public Manifests rendered() {
        return RENDERED.computeIfAbsent(this, o -> Manifests.parse(o.render()));
    }

    private String render() {
        return render(Sources.here().path("deploy/kubernetes/overlays/" + region));
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
        return region;
    }
}
