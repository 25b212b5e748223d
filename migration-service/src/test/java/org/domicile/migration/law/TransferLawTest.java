package org.domicile.migration.law;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransferLawTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);
    private static final List<String> ALL =
            List.of("profile", "credentials", "consents", "devices", "backups", "messages", "legal-logs");
    private final TransferLaw law = LawFiles.packagedLaw();

    @Test
    void a_listed_market_may_move_in_the_listed_direction() {
        var verdict = law.decide("SG", "cn-north", "ap-southeast", TODAY);

        assertTrue(verdict.allowed());
        assertEquals(
                ALL, verdict.covered().stream().map(Verdict.Coverage::dataClass).toList());
        assertEquals("overseas-collected-exempt", verdict.covered().getFirst().basis());
    }

    @Test
    void a_market_without_a_held_basis_is_refused_for_every_class() {
        var verdict = law.decide("CN", "cn-north", "ap-southeast", TODAY);

        assertFalse(verdict.allowed());
        assertEquals(ALL, verdict.notCovered());
    }

    @Test
    void a_region_that_the_market_does_not_allow_is_refused_although_a_basis_is_held() {
        var verdict = law.decide("SG", "ap-southeast", "cn-north", TODAY);

        assertFalse(verdict.allowed());
        assertFalse(verdict.regionAllowed());
        assertEquals(List.of(), verdict.notCovered());
    }

    @Test
    void the_way_back_needs_a_basis_of_its_own() {
        assertEquals(ALL, law.decide("IN", "ap-southeast", "cn-north", TODAY).notCovered());
    }

    @Test
    void a_basis_ends_after_its_last_day() {
        assertTrue(law.decide("SG", "cn-north", "ap-southeast", LocalDate.of(2027, 12, 31))
                .allowed());
        assertFalse(law.decide("SG", "cn-north", "ap-southeast", LocalDate.of(2028, 1, 1))
                .allowed());
    }

    @Test
    void an_unknown_market_is_refused() {
        assertFalse(law.decide("XX", "cn-north", "ap-southeast", TODAY).allowed());
    }

    @Test
    void only_the_classes_without_a_basis_are_named() {
        var partial = read(
                "{from: a, to: b, markets: [SG], classes: [profile], basis: contract, evidence: x, until: 2027-01-01}");

        var verdict = partial.decide("SG", "a", "b", TODAY);

        assertFalse(verdict.allowed());
        assertEquals(List.of("messages"), verdict.notCovered());
    }

    @Test
    void a_basis_ends_where_the_law_counts_people() {
        var counted = LawFiles.law(new ByteArrayInputStream("""
                        data_classes: [profile]
                        allowed_regions: {CN: [b]}
                        markets: {CN: {transfer: {exempt_below_people: 10, assessment_above_people: 100}}}
                        transfers_held:
                          - {from: a, to: b, markets: [CN], classes: all, basis: exempt, evidence: x, until: 2027-01-01}
                          - {from: a, to: b, markets: [CN], classes: all, basis: scc, evidence: y, until: 2027-01-01}
                        """.getBytes(StandardCharsets.UTF_8)), "the test");

        assertEquals("exempt", basisAfter(counted, 9));
        assertEquals("scc", basisAfter(counted, 10));
        assertEquals("scc", basisAfter(counted, 99));
        var verdict = counted.decide("CN", "a", "b", TODAY, 100);
        assertEquals(List.of("profile"), verdict.notCovered());
        assertEquals(
                List.of(new Verdict.Exhausted("exempt", 10), new Verdict.Exhausted("scc", 100)), verdict.exhausted());
        assertTrue(counted.counts("CN"));
        assertFalse(counted.counts("SG"));
    }

    private static String basisAfter(TransferLaw law, long people) {
        return law.decide("CN", "a", "b", TODAY, people).covered().getFirst().basis();
    }

    @Test
    void a_basis_without_an_end_date_refuses_to_load() {
        var failure = assertThrows(
                IllegalStateException.class,
                () -> read("{from: a, to: b, markets: [SG], classes: all, basis: contract, evidence: x}"));
        assertTrue(failure.getMessage().contains("the test"), failure.getMessage());
    }

    private static TransferLaw read(String basis) {
        var yaml = "data_classes: [profile, messages]\nallowed_regions: {SG: [b]}\ntransfers_held:\n  - " + basis;
        return LawFiles.law(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "the test");
    }
}
