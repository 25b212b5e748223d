package org.domicile.client.sdk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Checks a consent ledger on the owner's own machine, sharing no code with the service: each entry's {@code hash} is the hex SHA-256
 * of its other members with {@code accountId}, as JSON with sorted members and no white space, and {@code previous} is the hash of
 * the entry before (of the first: 64 zeros). A chain that was written anew holds as well: receipts tell that.
 */
public final class ConsentChain {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ConsentChain() {}

    /**
     * @param ledger the member {@code ledger} of {@code GET /v1/me/consents}, oldest first
     * @return the sequence of the first entry that was changed, left out or put in; empty if the chain holds
     */
    public static OptionalLong firstBroken(String accountId, JsonNode ledger) {
        String previous = "0".repeat(64);
        long expected = 1;
        for (JsonNode entry : ledger) {
            if (entry.path("sequence").asLong() != expected
                    || !entry.path("previous").asText().equals(previous)
                    || !entry.path("hash").asText().equals(hash(accountId, entry))) {
                return OptionalLong.of(expected);
            }
            previous = entry.path("hash").asText();
            expected++;
        }
        return OptionalLong.empty();
    }

    /**
     * @param ledger as for {@link #firstBroken}
     * @param receipts what the owner's consent receipts state, their signatures checked: {@code sequence} and {@code hash} of an entry
     * @return the sequence of the first entry that is missing, or is not the one that a receipt was given for
     */
    public static OptionalLong firstUnlike(JsonNode ledger, Iterable<JsonNode> receipts) {
        long first = Long.MAX_VALUE;
        for (JsonNode receipt : receipts) {
            long sequence = receipt.path("sequence").asLong();
            JsonNode entry = ledger.path((int) sequence - 1);
            if (receipt.hasNonNull("hash")
                    && !receipt.path("hash").asText().equals(entry.path("hash").asText())) {
                first = Math.min(first, Math.min(sequence, ledger.size() + 1L));
            }
        }
        return first == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(first);
    }

    private static String hash(String accountId, JsonNode entry) {
        TreeMap<String, Object> content = new TreeMap<>();
        content.put("accountId", accountId);
        entry.fields().forEachRemaining(member -> content.put(member.getKey(), member.getValue()));
        content.remove("hash");
        content.putIfAbsent("locale", null);
        try {
            byte[] canonical = MAPPER.writeValueAsString(content).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
