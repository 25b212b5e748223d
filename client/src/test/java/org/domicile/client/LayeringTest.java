package org.domicile.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** The command line stands on the SDK and the repository format; these know nothing of it, nor of each other. */
@AnalyzeClasses(packages = "org.domicile.client", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {
    @ArchTest
    static final ArchRule layers = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("cli")
            .definedBy("..client.cli..")
            .layer("sdk")
            .definedBy("..client.sdk..")
            .layer("restic")
            .definedBy("..client.restic..")
            .layer("http")
            .definedBy("..client.http..")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("sdk")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("restic")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("http")
            .mayOnlyBeAccessedByLayers("cli", "sdk", "restic");

    @ArchTest
    static final ArchRule no_cycles = SlicesRuleDefinition.slices()
            .matching("org.domicile.client.(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule picocli_is_for_the_command_line_only = noClasses()
            .that()
            .resideOutsideOfPackage("..client.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule the_sdk_prints_nothing_and_ends_no_process = noClasses()
            .that()
            .resideOutsideOfPackage("..client.cli..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(System.class, "exit", int.class);

    @ArchTest
    static final ArchRule the_client_stands_alone = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.domicile.platform..", "org.domicile.local..", "io.quarkus..", "io.vertx..");
}
