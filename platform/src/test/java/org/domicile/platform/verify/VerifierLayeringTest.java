package org.domicile.platform.verify;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.domicile.platform", importOptions = ImportOption.DoNotIncludeTests.class)
class VerifierLayeringTest {
    @ArchTest
    static final ArchRule the_verifier_shares_no_code_with_the_copier = noClasses()
            .that()
            .resideInAPackage("org.domicile.platform.verify..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.domicile.platform.participant..");
}
