package org.domicile.platform.law;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.domicile.platform.testing.TestMarkets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoliciesTest {
    private static final String WHOLE = """
            retention_days: {messages: 30}
            grace_days: {backup_after_withdrawal: 30, messages_after_withdrawal: 0, trash: 7, inactivity: 395}
            allowed_regions: {XA: [cn-north], XB: [us-west], XC: [cn-north]}
            legacy_regions: {XD: [cn-north]}
            markets:
              XA: {retention_days: {messages: 20}, grace_days: {trash: 2, backup_after_withdrawal: 90}}
              XB: {retention_days: {messages: 1}, log_retention_days: 180}
              XC: {access_days: 3}
              XD: {retention_days: {messages: 10}, consent_age: 18}
            """;

    @TempDir
    Path folder;

    @Test
    void a_market_lowers_what_holds_everywhere_and_does_not_raise_it() throws IOException {
        var policies = policies(WHOLE);

        assertEquals(Duration.ofDays(20), policies.of("XA").messages());
        assertEquals(Duration.ofDays(2), policies.of("XA").trash());
        assertEquals(Duration.ofDays(30), policies.of("XA").backupGrace());
        assertEquals(Duration.ofDays(7), policies.of("XB").trash());
        assertEquals(policies.of(null), policies.of("ZZ"));
        assertEquals(Duration.ofDays(30), policies.of(null).messages());
    }

    @Test
    void of_several_markets_each_gets_what_it_wants() throws IOException {
        var policies = policies(WHOLE);

        var both = policies.strictest(List.of("XA", "XB"));
        assertEquals(Duration.ofDays(1), both.messages());
        assertEquals(Duration.ofDays(2), both.trash());
        assertEquals(Duration.ofDays(180), both.logs());
        assertEquals(Duration.ofDays(3), policies.strictest().access());
        assertEquals(18, policies.strictest().consentAge());
        assertEquals(policies.of(null), policies.strictest(List.of()));
    }

    @Test
    void a_region_is_right_by_every_market_whose_accounts_may_live_there() throws IOException {
        var policies = policies(WHOLE);

        assertEquals(Duration.ofDays(10), policies.strictestIn("cn-north").messages());
        assertEquals(Duration.ofDays(1), policies.strictestIn("us-west").messages());
        assertEquals(Duration.ofDays(30), policies.strictestIn("sa-east").messages());
        assertEquals(Set.of("cn-north"), policies.regions("XD"));
    }

    @Test
    void a_file_that_does_not_say_what_it_must_refuses_to_start() throws IOException {
        for (var lacking : List.of("messages: 30", "trash: 7, ", "inactivity: 395", "backup_after_withdrawal: 30, ")) {
            refused(WHOLE.replaceFirst(lacking, ""), lacking.split(":")[0]);
        }
        refused("version: 1", "retention_days.messages");
        refused(WHOLE.replaceFirst("markets:", "market:"), "markets");
        refused(WHOLE.replaceFirst("XA: \\{ret", "XAA: {ret"), "XAA");
    }

    private void refused(String text, String lacking) throws IOException {
        var refusal = assertThrows(IllegalStateException.class, () -> policies(text));
        assertTrue(refusal.getMessage().contains(lacking), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("markets.yaml"), refusal.getMessage());
    }

    private Policies policies(String text) throws IOException {
        var file = Files.writeString(folder.resolve("markets.yaml"), text);
        return new Policies(TestMarkets.config(Optional.of(file)));
    }
}
