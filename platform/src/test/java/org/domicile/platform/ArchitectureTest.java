package org.domicile.platform;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.core.http.HttpClientResponse;

@AnalyzeClasses(packages = "org.domicile.platform", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule the_domain_knows_no_http = noClasses()
            .that()
            .resideInAnyPackage(
                    "..fence..",
                    "..consent..",
                    "..outbox..",
                    "..residency..",
                    "..projection..",
                    "..account..",
                    "..device..",
                    "..crypto..",
                    "..event..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.ws.rs..", "io.vertx.ext.web..", "io.vertx.core.http..");

    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("org.domicile.platform.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nobody_prints = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule constructors_inject = NO_CLASSES_SHOULD_USE_FIELD_INJECTION;

    @ArchTest
    static final ArchRule time_is_injected = noClasses()
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    /** Elsewhere than on an event loop an answer may have ended before its body is asked for; the one that streams pauses it. */
    @ArchTest
    static final ArchRule answers_are_read_whole_in_one_place = noClasses()
            .that()
            .doNotHaveSimpleName("Answer")
            .and()
            .doNotHaveSimpleName("SourceClient")
            .should()
            .callMethod(HttpClientResponse.class, "body");
}
