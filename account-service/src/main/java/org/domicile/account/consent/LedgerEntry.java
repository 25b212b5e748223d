package org.domicile.account.consent;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.TreeMap;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;

/**
 * One row of an account's consent ledger.
 *
 * @param sequence from 1, without gaps
 * @param locale language in which the policy was shown, or null
 * @param at when, in whole milliseconds
 * @param guardian whether a guardian confirmed the grant, or made the withdrawal; left out, of the hash too, where not
 * @param previous hash of the entry before; of the first, {@link #NOTHING}
 * @param hash hex SHA-256 of the canonical content: all members but this, as JSON with sorted members and no white space
 */
public record LedgerEntry(
        @JsonIgnore AccountId account,
        long sequence,
        Feature feature,
        boolean granted,
        String policyVersion,
        String locale,
        Instant at,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean guardian,
        String previous,
        String hash) {
    /** What the first entry of a ledger follows. */
    public static final String NOTHING = "0".repeat(64);

    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
            .build();

    /** The first entry of a ledger, or the one after another, with its hash. */
    public static LedgerEntry after(
            LedgerEntry last,
            AccountId account,
            Feature feature,
            boolean granted,
            String policyVersion,
            String locale,
            Instant at,
            boolean guardian) {
        var sequence = last == null ? 1 : last.sequence() + 1;
        var previous = last == null ? NOTHING : last.hash();
        var unsealed = new LedgerEntry(
                account, sequence, feature, granted, policyVersion, locale, at, guardian, previous, null);
        return new LedgerEntry(
                account,
                sequence,
                feature,
                granted,
                policyVersion,
                locale,
                at,
                guardian,
                previous,
                unsealed.computeHash());
    }

    /** Whether the owner's wish is what this entry already says. */
    boolean says(boolean wish, String policy) {
        return granted == wish && policyVersion.equals(policy);
    }

    String computeHash() {
        var content = new TreeMap<String, Object>();
        content.put("accountId", account.toString());
        content.put("at", at.toString());
        content.put("feature", feature.id());
        content.put("granted", granted);
        if (guardian) {
            content.put("guardian", true);
        }
        content.put("locale", locale);
        content.put("policyVersion", policyVersion);
        content.put("previous", previous);
        content.put("sequence", sequence);
        try {
            var canonical = CANONICAL.writeValueAsString(content).getBytes(UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
