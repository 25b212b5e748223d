package org.domicile.outside;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import org.domicile.platform.testing.LayeringRules;

@AnalyzeClasses(packages = "org.domicile.outside", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {
    @ArchTest
    static final ArchTests of_every_service = ArchTests.in(LayeringRules.class);
}
