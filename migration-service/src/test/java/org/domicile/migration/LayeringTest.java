package org.domicile.migration;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import org.domicile.platform.testing.LayeringRules;

@AnalyzeClasses(packages = "org.domicile.migration", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {
    @ArchTest
    static final ArchTests of_every_service = ArchTests.in(LayeringRules.class);

    @ArchTest
    static final ArchRule the_rules_of_a_move_know_no_http_sql_or_kafka = noClasses()
            .that()
            .haveSimpleNameStartingWith("MoveRules")
            .and()
            .doNotHaveSimpleName("MoveRulesSource")
            .or()
            .haveSimpleName("MoveState")
            .or()
            .haveSimpleName("TransferLaw")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.ws.rs..", "io.vertx..", "org.apache.kafka..", "java.sql..");
}
