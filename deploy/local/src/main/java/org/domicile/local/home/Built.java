package org.domicile.local.home;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.domicile.local.LocalFailure;

/**
 * What the build left: the servers it resolved and the services.
 *
 * @param packaging how the services run
 */
public record Built(Path sources, Packaging packaging) {
    private static final String BUILD = "run ./domicile build";
    private static final String BUILD_CACHED = "run mvn package -Daot -DskipTests; or start without --aot";
    private static final String BUILD_NATIVE =
            "run mvn package -Dnative -DskipTests with Mandrel or GraalVM 25, or add "
                    + "-Dquarkus.native.container-build=true to compile in a container; or start without --native";

    /** With services on the JVM. */
    public Built(Path sources) {
        this(sources, Packaging.JAR);
    }

    /** @param name {@code kafka}, {@code s3proxy}, {@code keycloak} or {@code postgres} */
    public String classpath(String name) {
        var list = sources.resolve("deploy/local/parts/target/" + name + ".classpath");
        if (!Files.exists(list)) {
            throw new LocalFailure(
                    "The " + name + " that the stack runs is not resolved yet (" + list + "): " + BUILD + ".");
        }
        var classpath = PrivateFiles.read(list).strip();
        for (var file : classpath.split(File.pathSeparator)) {
            if (!Files.exists(Path.of(file))) {
                throw new LocalFailure(
                        "The file " + file + " of " + name + " is missing: remove " + list + " and " + BUILD + ".");
            }
        }
        return classpath;
    }

    public Path only(String name) {
        return Path.of(classpath(name));
    }

    /** The start jar of a service. */
    public Path service(String module) {
        if (packaging == Packaging.JAR) {
            return present(sources.resolve(module).resolve("target/quarkus-app/quarkus-run.jar"), module);
        }
        var file = sources.resolve(module).resolve("target/quarkus-aot/quarkus-run.jar");
        if (!Files.exists(file)) {
            throw new LocalFailure("The file " + file + " is missing: " + BUILD_CACHED + ".");
        }
        return file;
    }

    /** The native executable of a service. */
    public Path executable(String module) {
        var file = sources.resolve(module).resolve("target/domicile-" + module + "-0.1.0-SNAPSHOT-runner");
        if (!Files.isExecutable(file)) {
            throw new LocalFailure("The native executable " + file + " is missing: " + BUILD_NATIVE + ".");
        }
        return file;
    }

    /** Our extension of Keycloak. */
    public Path keycloakProvider() {
        return present(
                sources.resolve("deploy/keycloak/target/domicile-keycloak-0.1.0-SNAPSHOT.jar"), "deploy/keycloak");
    }

    public Path realm() {
        return present(sources.resolve("deploy/keycloak/realm/domicile-realm.json"), "deploy/keycloak");
    }

    /** All of these exist; told before anything starts. */
    public void check(List<String> modules) {
        modules.forEach(packaging == Packaging.EXECUTABLE ? this::executable : this::service);
        keycloakProvider();
        realm();
        List.of("kafka", "s3proxy", "keycloak", "postgres").forEach(this::classpath);
    }

    private static Path present(Path file, String module) {
        if (!Files.exists(file)) {
            throw new LocalFailure("The file " + file + " of " + module + " is missing: " + BUILD + ".");
        }
        return file;
    }
}
