package org.domicile.client.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeviceNumberTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void a_number_is_kept_for_a_day_and_another_start_has_another() {
        DeviceNumber device = new DeviceNumber(new SecureRandom());
        String number = device.at(NOW);

        assertEquals(22, number.length());
        assertEquals(number, device.at(NOW.plus(Duration.ofHours(23))));
        assertNotEquals(number, device.at(NOW.plus(Duration.ofDays(1))));
        assertNotEquals(number, new DeviceNumber(new SecureRandom()).at(NOW));
    }
}
