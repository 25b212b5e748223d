package org.domicile.account.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.junit.jupiter.api.Test;

class AddressLimitsTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final AddressLimits limits = new AddressLimits(config(), clock());

    @Test
    void an_address_that_has_had_its_share_waits_and_others_do_not() {
        for (int i = 0; i < 6; i++) {
            limits.signUp(at("203.0.113.7"));
        }
        var refused = assertThrows(ProblemException.class, () -> limits.signUp(at("203.0.113.7")));
        assertEquals(ErrorCode.TOO_MANY_REQUESTS, refused.code());
        assertEquals(3_601L, refused.problem().extensions().get("retryAfter"));
        limits.signUp(at("203.0.113.8"));
        limits.discovery(at("203.0.113.7"));

        now = now.plus(Duration.ofMinutes(59));
        assertThrows(ProblemException.class, () -> limits.signUp(at("203.0.113.7")));
        now = now.plus(Duration.ofMinutes(1));
        limits.signUp(at("203.0.113.7"));
    }

    @Test
    void a_household_of_ipv6_is_one() {
        assertEquals(AddressLimits.network("2001:db8:1:2::1"), AddressLimits.network("2001:db8:1:2:ffff::9%eth0"));
        assertEquals("127.0.0.1", AddressLimits.network("127.0.0.1"));
        assertEquals("proxy.example", AddressLimits.network("proxy.example"));
    }

    @Test
    void a_device_that_has_had_its_share_leaves_the_others_at_its_address_theirs() {
        for (int i = 0; i < 2; i++) {
            limits.signUp(device("one-device-0000000"));
        }
        for (int i = 0; i < 20; i++) {
            assertThrows(ProblemException.class, () -> limits.signUp(device("one-device-0000000")));
        }
        for (int i = 0; i < 2; i++) {
            limits.signUp(device("another-device-000"));
        }
        limits.discovery(device("one-device-0000000"));

        now = now.plus(Duration.ofHours(1));
        limits.signUp(device("one-device-0000000"));
    }

    @Test
    void a_device_that_names_itself_anew_has_what_its_address_has() {
        for (int i = 0; i < 6; i++) {
            limits.signUp(device("new-name-each-time" + i));
        }
        assertThrows(ProblemException.class, () -> limits.signUp(device("new-name-each-time7")));
    }

    private static Caller at(String address) {
        return new Caller(address, Optional.empty());
    }

    private static Caller device(String number) {
        return new Caller("203.0.113.7", Optional.of(number));
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
    }

    private static LimitsConfig config() {
        return new LimitsConfig() {
            @Override
            public int signUpsPerHour() {
                return 6;
            }

            @Override
            public int confirmationsPerHour() {
                return 6;
            }

            @Override
            public int discoveriesPerHour() {
                return 6;
            }

            @Override
            public int signUpsPerDeviceAndHour() {
                return 2;
            }

            @Override
            public int confirmationsPerDeviceAndHour() {
                return 2;
            }

            @Override
            public int discoveriesPerDeviceAndHour() {
                return 2;
            }

            @Override
            public int discoveriesPerRegionAndMinute() {
                return 1;
            }
        };
    }
}
