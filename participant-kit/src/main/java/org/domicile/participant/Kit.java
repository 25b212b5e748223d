package org.domicile.participant;

import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs every check against a system. Each makes accounts of its own and needs nothing of the others. */
public final class Kit {
    /**
     * What a check found.
     *
     * @param detail what was seen instead; null if the rule holds
     */
    public record Finding(String name, String rule, String detail) {
        public boolean holds() {
            return detail == null;
        }
    }

    private final ParticipantApi api;
    private final SigningKey key;

    /** @param key that the system takes for the key of the region that it names */
    public Kit(ParticipantApi api, SigningKey key) {
        this.api = api;
        this.key = key;
    }

    /** Names of all rules. */
    public static List<String> rules() {
        return checks().map(Check::name).toList();
    }

    /**
     * @param rules names of those to look at
     * @param progress gets every finding as it is made
     */
    public List<Finding> run(Collection<String> rules, Consumer<Finding> progress) {
        return checks().filter(check -> rules.contains(check.name()))
                .map(this::run)
                .peek(progress)
                .toList();
    }

    private static Stream<Check> checks() {
        return Stream.of(CommandChecks.all(), FenceChecks.all(), ShadowChecks.all(), EndChecks.all())
                .flatMap(List::stream);
    }

    private Finding run(Check check) {
        try {
            check.look().accept(Subject.ask(api, key));
            return new Finding(check.name(), check.rule(), null);
        } catch (Broken | UncheckedIOException e) {
            return new Finding(check.name(), check.rule(), e.getMessage());
        }
    }
}
