package org.domicile.checks.executable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.domicile.checks.Sources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What a native compiler would be given; {@code ./domicile test} makes it. */
class NativeSourcesTest {
    private static final List<String> SERVICES = NativeSources.SERVICES;
    private final Sources sources = Sources.here();

    @ParameterizedTest
    @FieldSource("SERVICES")
    @EnabledIfSystemProperty(
            named = "native-sources",
            matches = "true",
            disabledReason = "built without -Dnative-sources")
    void a_service_can_be_compiled(String service) {
        var executable = NativeSources.of(service, sources);

        var wrong = new ArrayList<>(new Arguments().violations(executable));
        wrong.addAll(new Resources(sources).violations(executable));
        wrong.addAll(new Reflection(sources).violations(executable));
        wrong.addAll(new StaticState().violations(executable));

        assertEquals(List.of(), wrong);
        assertTrue(new Resources(sources).needed(service).size() > 4, "its scripts were found");
        assertTrue(executable.classes().size() > 100, "its classes were found");
    }

    @Test
    void arguments_that_hide_what_is_missing_are_found() {
        var planted = planted(List.of("--allow-incomplete-classpath", "-jar", "none.jar"), List.of());

        assertEquals(
                List.of(
                        "planted: --no-fallback is missing.",
                        "planted: the last argument is not -jar with the service's jar.",
                        "planted: --allow-incomplete-classpath hides what the code should register."),
                new Arguments().violations(planted));
    }

    @Test
    void a_resource_that_is_missing_and_a_pattern_for_all_are_found() {
        var rule = new Resources(sources);

        assertTrue(rule.violations(planted("account-service", List.of()))
                .contains("account-service: law/markets.yaml is read, but not in the executable."));
        assertEquals(
                List.of("account-service: a pattern of resources takes in everything."),
                rule.violations(planted("account-service", List.of(Pattern.compile(".*")))));
    }

    @Test
    void json_that_nobody_registered_is_found_with_what_it_is_made_of() {
        var needed = new LinkedHashSet<Class<?>>();
        Reflection.collect(Letter.class, needed);

        assertEquals(Set.of(Letter.class, Stamp.class), needed);
        assertEquals(
                2,
                Reflection.violations(planted(List.of("-jar", "x"), List.of()), needed)
                        .size());
        assertTrue(new Reflection(sources).mappedNames("migration-service").containsAll(Set.of("Baton", "FenceAck")));
    }

    @Test
    void randomness_in_a_static_field_is_found() throws NoSuchFieldException {
        assertTrue(StaticState.isMadeTooEarly(Letter.class.getDeclaredField("RANDOM")));
        assertFalse(StaticState.isMadeTooEarly(Letter.class.getDeclaredField("TEXT")));
    }

    private static NativeSources planted(List<String> arguments, List<Pattern> resources) {
        return new NativeSources("planted", arguments, Path.of("none.jar"), Set.of(), resources, Set.of());
    }

    private static NativeSources planted(String service, List<Pattern> resources) {
        return new NativeSources(service, List.of("-jar", "x"), Path.of("none.jar"), Set.of(), resources, Set.of());
    }

    record Stamp(int value) {}

    record Letter(List<Stamp> stamps, String text) {
        static final SecureRandom RANDOM = new SecureRandom();
        static final String TEXT = "";
    }
}
