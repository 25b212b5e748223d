package org.domicile.participant;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** For those who let a system of theirs take part in moves. */
@Command(
        name = "participant",
        description = "Check a system that takes part in moves.",
        mixinStandardHelpOptions = true,
        subcommands = ParticipantCommand.CheckSystem.class)
public final class ParticipantCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: check");
    }

    /** Runs the kit. */
    @Command(
            name = "check",
            description =
                    "Ask a system for every rule of the participant API (docs/outside-systems.md), on accounts made for it.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:every rule holds", "1:a rule does not hold", "2:it could not be checked"},
            footer =
                    "%nExample: ./domicile participant check https://shop.internal/participant/v1 --key check.key --token token")
    static final class CheckSystem implements Callable<Integer> {
        private static final int HOLDS = 0;
        private static final int BROKEN = 1;
        private static final int NOT_CHECKED = 2;

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "URL", description = "base address of its participant API")
        private URI url;

        @Option(
                names = "--key",
                required = true,
                paramLabel = "FILE",
                description = "Ed25519 key that signs the kit's commands; made if it is not there")
        private Path key;

        @Option(
                names = "--issuer",
                defaultValue = "check",
                paramLabel = "REGION",
                description = "region whose key the system takes it for; default: ${DEFAULT-VALUE}")
        private String issuer;

        @Option(names = "--token", paramLabel = "FILE", description = "file with the bearer token")
        private Path token;

        @Option(names = "--ca", paramLabel = "FILE", description = "PEM of the authority that issued its certificate")
        private Path ca;

        @Option(names = "--rule", split = ",", paramLabel = "NAME", description = "look at these rules only")
        private List<String> rules = Kit.rules();

        @Option(names = "--json", description = "print JSON for scripts")
        private boolean json;

        @Override
        public Integer call() {
            if (!Kit.rules().containsAll(rules)) {
                throw new ParameterException(
                        spec.commandLine(), "There is no such rule; there are: " + String.join(", ", Kit.rules()));
            }
            try {
                return Files.exists(key) ? check() : made();
            } catch (IOException | GeneralSecurityException e) {
                spec.commandLine().getErr().println(e.getMessage());
                spec.commandLine().getErr().flush();
                return NOT_CHECKED;
            }
        }

        private int made() throws IOException {
            say("Made " + key + ". Let the system take this public key (base64, X.509) for the key of region \""
                    + issuer + "\", then run the command again:");
            say(SigningKey.create(key));
            return NOT_CHECKED;
        }

        private int check() throws IOException, GeneralSecurityException {
            var api = new ParticipantApi(
                    http(), url, token == null ? null : Files.readString(token).strip());
            var findings = new Kit(api, SigningKey.read(issuer, key)).run(rules, this::show);
            var broken = findings.stream().filter(f -> !f.holds()).count();
            if (json) {
                print(findings, broken);
            } else {
                say(
                        broken == 0
                                ? "All " + findings.size() + " rules hold."
                                : broken + " of " + findings.size() + " rules do not hold.");
            }
            return broken == 0 ? HOLDS : BROKEN;
        }

        private void show(Kit.Finding finding) {
            if (!json) {
                say("%-6s %-20s %s".formatted(finding.holds() ? "ok" : "BROKEN", finding.name(), finding.rule()));
                if (!finding.holds()) {
                    say("       " + finding.detail());
                }
            }
        }

        private void print(List<Kit.Finding> findings, long broken) {
            var out = ParticipantApi.JSON.createObjectNode().put("holds", broken == 0);
            var list = out.putArray("checks");
            findings.forEach(f -> {
                var entry = list.addObject()
                        .put("name", f.name())
                        .put("rule", f.rule())
                        .put("holds", f.holds());
                if (!f.holds()) {
                    entry.put("detail", f.detail());
                }
            });
            say(out.toString());
        }

        private void say(String line) {
            spec.commandLine().getOut().println(line);
            spec.commandLine().getOut().flush();
        }

        private HttpClient http() throws IOException, GeneralSecurityException {
            var client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5));
            return ca == null ? client.build() : client.sslContext(trusting(ca)).build();
        }

        private static SSLContext trusting(Path ca) throws IOException, GeneralSecurityException {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            try (var in = new FileInputStream(ca.toFile())) {
                for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    store.setCertificateEntry(Integer.toString(store.size()), certificate);
                }
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        }
    }
}
