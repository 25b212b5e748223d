package org.domicile.checks.manifest;

import java.util.List;
import org.domicile.checks.Sources;

/** All rules that hold for every region. */
public final class Rules {
    public static final List<Rule> ALL = List.of(
            new StrictSchemas(),
            new ImagesArePinned(),
            new LimitsAreSet(),
            new ProbesAreSet(),
            new PodsHaveTimeToEnd(),
            new PortsExist(),
            new PodsAreRestricted(),
            new NoSecretInClear(),
            new OnlyTls13(),
            new ServicesSurviveZones(),
            new ConnectionsFit(),
            new SchemaIsMade(),
            new TriggersFit(),
            new ReferencesExist(),
            new DatabasesAreRestored(),
            new NamesOfTheRegion(),
            new ConfigurationIsRead(Sources.here()),
            new SeenIsApplied(Sources.here()));

    private Rules() {}
}
