package org.domicile.messaging.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PushRequestTest {
    private static final Duration MAX = Duration.ofDays(30);

    @Test
    void a_ttl_is_mandatory() {
        var refused = assertThrows(ProblemException.class, () -> parse(Map.of()));
        assertEquals(ErrorCode.INVALID_REQUEST, refused.code());
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "60,60",
        "2592000,2592000",
        "2592001,2592000",
        "9999999999,2592000",
        "99999999999999999999,2592000"
    })
    void a_ttl_is_kept_or_shortened(String sent, long kept) {
        assertEquals(Duration.ofSeconds(kept), parse(Map.of("TTL", sent)).ttl());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "soon", "1 ", "+1", "0x10"})
    void a_ttl_that_is_no_whole_number_is_refused(String sent) {
        assertThrows(ProblemException.class, () -> parse(Map.of("TTL", sent)));
    }

    @Test
    void a_ttl_of_zero_is_never_stored() {
        assertTrue(parse(Map.of("TTL", "0")).volatileOnly());
    }

    @ParameterizedTest
    @ValueSource(strings = {"very-low", "low", "normal", "high"})
    void an_urgency_is_one_of_four(String urgency) {
        assertEquals(
                urgency, parse(Map.of("TTL", "1", "Urgency", urgency)).urgency().text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HIGH", "urgent", "", "very_low"})
    void another_urgency_is_refused(String urgency) {
        assertThrows(ProblemException.class, () -> parse(Map.of("TTL", "1", "Urgency", urgency)));
    }

    @Test
    void a_topic_is_at_most_32_characters_of_the_base64url_alphabet() {
        var longest = "a-_Z".repeat(8);
        assertEquals(
                Optional.of(longest),
                parse(Map.of("TTL", "1", "Topic", longest)).topic());
        assertThrows(ProblemException.class, () -> parse(Map.of("TTL", "1", "Topic", longest + "a")));
        assertThrows(ProblemException.class, () -> parse(Map.of("TTL", "1", "Topic", "a b")));
        assertThrows(ProblemException.class, () -> parse(Map.of("TTL", "1", "Topic", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer x", "vapid", "vapid t=a", "vapid t=a, k=short", "vapid k=", "WebPush x"})
    void a_credential_that_cannot_be_read_is_refused(String credential) {
        var refused =
                assertThrows(ProblemException.class, () -> parse(Map.of("TTL", "1", "Authorization", credential)));
        assertEquals(ErrorCode.FORBIDDEN, refused.code());
    }

    private static PushRequest parse(Map<String, String> headers) {
        return PushRequest.parse(headers::get, MAX);
    }
}
