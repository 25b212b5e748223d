package org.domicile.account;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import org.domicile.account.consent.LedgerCheck;
import org.domicile.account.consent.LedgerEntry;
import org.domicile.account.profile.Identifier;
import org.domicile.account.profile.Profile;
import org.domicile.account.region.Market;
import org.domicile.account.registration.PasswordRules;
import org.domicile.platform.testing.LayeringRules;

@AnalyzeClasses(packages = "org.domicile.account", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {
    private static final String[] TRANSPORT = {
        "jakarta.ws.rs..",
        "io.vertx..",
        "org.apache.kafka..",
        "java.sql..",
        "jakarta.persistence..",
        "io.smallrye.reactive.."
    };

    @ArchTest
    static final ArchRule domain_classes_know_no_http_sql_or_kafka = noClasses()
            .that()
            .belongToAnyOf(
                    LedgerEntry.class,
                    LedgerCheck.class,
                    Identifier.class,
                    Profile.class,
                    Market.class,
                    PasswordRules.class)
            .or()
            .haveSimpleName("OneTimeCode")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TRANSPORT);

    @ArchTest
    static final ArchTests of_every_service = ArchTests.in(LayeringRules.class);

    @ArchTest
    static final ArchRule the_registration_entity_stays_inside = classes()
            .that()
            .areAnnotatedWith(jakarta.persistence.Entity.class)
            .should()
            .onlyBeAccessed()
            .byAnyPackage("org.domicile.account.registration");
}
