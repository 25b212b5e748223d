package org.domicile.local.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks a provider; exit code 0 if it offers all, 1 if something failed. */
@Command(
        name = "doctor",
        description = "Check that a region's object store, PostgreSQL and Kafka offer what the services need.",
        mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
    @Option(
            names = "--region",
            required = true,
            split = ",",
            paramLabel = "FILE",
            description = "What backup-service is configured with there: one file, or several, of which the last wins. "
                    + "Secrets may come from the environment, by the names that the service takes.")
    private List<Path> files;

    @Option(names = "--json", description = "For scripts.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws JsonProcessingException {
        var findings = new Doctor(new RegionFile(files, System.getenv()), Clock.systemUTC()).findings();
        var failed = findings.stream()
                .filter(f -> f.verdict() == Finding.Verdict.FAILED)
                .count();
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(new ObjectMapper().writeValueAsString(Map.of("fit", failed == 0, "findings", findings)));
        } else {
            findings.forEach(finding -> out.println(finding.line()));
            out.println(failed == 0 ? "The region has what it needs." : failed + " of " + findings.size() + " failed.");
        }
        return failed == 0 ? 0 : 1;
    }
}
