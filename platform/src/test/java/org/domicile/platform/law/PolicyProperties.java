package org.domicile.platform.law;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The stricter of two policies is right by both, whatever they are and in whatever order they are taken. */
class PolicyProperties {
    /** What people or the law are owed: the larger number is the stricter one. Of all else the smaller is. */
    private static final Set<String> OWED = Set.of("erasureNotice", "logs", "consentAge");

    @Property
    void order_does_not_matter(
            @ForAll("policies") Policy one, @ForAll("policies") Policy other, @ForAll("policies") Policy third) {
        assertEquals(one.stricter(other), other.stricter(one));
        assertEquals(one.stricter(other).stricter(third), one.stricter(other.stricter(third)));
        assertEquals(one, one.stricter(one));
        assertEquals(one.stricter(other), one.stricter(other).stricter(other));
    }

    @Property
    void it_is_never_laxer_than_either_and_never_stricter_than_both(
            @ForAll("policies") Policy one, @ForAll("policies") Policy other) {
        var both = one.stricter(other);
        for (var field : Policy.class.getRecordComponents()) {
            assertFalse(laxer(field, both, one), field + " of " + both + " and " + one);
            assertFalse(laxer(field, both, other), field + " of " + both + " and " + other);
            assertTrue(
                    of(field, both).equals(of(field, one)) || of(field, both).equals(of(field, other)),
                    field.toString());
        }
    }

    @Provide
    Arbitrary<Policy> policies() {
        var durations = Arbitraries.longs().between(0, 400).map(Duration::ofHours);
        return durations.list().ofSize(9).flatMap(d -> Arbitraries.integers()
                .between(0, 21)
                .map(age -> new Policy(
                        d.get(0), d.get(1), d.get(2), d.get(3), d.get(4), d.get(5), d.get(6), d.get(7), d.get(8),
                        age)));
    }

    private static boolean laxer(RecordComponent field, Policy one, Policy other) {
        @SuppressWarnings("unchecked") // durations and numbers are
        var order = ((Comparable<Object>) of(field, one)).compareTo(of(field, other));
        return OWED.contains(field.getName()) ? order < 0 : order > 0;
    }

    private static Object of(RecordComponent field, Policy policy) {
        try {
            return field.getAccessor().invoke(policy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
