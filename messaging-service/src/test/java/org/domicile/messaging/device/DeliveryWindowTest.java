package org.domicile.messaging.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.domicile.messaging.queue.Message;
import org.domicile.messaging.queue.Urgency;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryWindowTest {
    private static final int CAPACITY = 3;
    private static final AccountId ACCOUNT = AccountId.create();
    private static final DeviceId DEVICE = DeviceId.create(ACCOUNT, new SecureRandom());

    private final DeliveryWindow window = new DeliveryWindow(CAPACITY);

    @Test
    void a_new_message_does_not_overtake_what_waits_in_the_database() {
        assertFalse(window.offer(durable(), Optional.empty()), "the database was not read yet");
        assertEquals(CAPACITY, window.startReading());
        assertFalse(window.offer(durable(), Optional.empty()), "a read is under way");
        window.read(List.of(durable()));
        assertTrue(window.startReading() > 0, "read again for what was offered meanwhile");
        window.read(List.of());
        assertTrue(window.offer(durable(), Optional.empty()), "nothing waits: straight from memory");
    }

    @Test
    void a_message_does_not_overtake_one_that_another_instance_has_accepted() {
        current();
        var older = durable();
        var newer = durable();
        assertFalse(window.offer(newer, Optional.of(older.id())), "the wake-up for the older one is on its way");
        assertTrue(window.startReading() > 0);
        assertEquals(List.of(older, newer), window.read(List.of(older, newer)));
        assertTrue(window.offer(durable(), Optional.of(newer.id())), "the one before it has been sent");
    }

    @Test
    void a_full_window_leaves_the_rest_in_the_database_until_an_ack() {
        current();
        var first = durable();
        assertTrue(window.offer(first, Optional.empty()));
        fill(CAPACITY - 1);
        assertFalse(window.offer(durable(), Optional.empty()));
        assertEquals(0, window.startReading());
        assertTrue(window.ack(first.id()));
        assertEquals(0, window.startReading(), "a row that is being deleted still has its place");
        window.deleted(List.of(first.id()));
        assertEquals(1, window.startReading());
    }

    @Test
    void a_message_of_ttl_zero_is_sent_at_once_or_never() {
        var message = new Message(
                UUID.randomUUID(),
                ACCOUNT,
                DEVICE,
                UUID.randomUUID(),
                new byte[0],
                Instant.MAX,
                Urgency.NORMAL,
                false,
                false);
        assertTrue(window.offerOnce(message));
        assertFalse(window.ack(message.id()), "there is no row to delete");
        current();
        fill(CAPACITY);
        assertFalse(window.offerOnce(message));
        assertEquals(0, window.startReading(), "nothing is left to read for it");
    }

    @Test
    void a_nacked_message_frees_its_place_and_does_not_come_again() {
        current();
        var message = durable();
        window.offer(message, Optional.empty());
        window.nack(message.id());
        assertFalse(window.offer(message, Optional.empty()));
        assertTrue(window.known().contains(message.id()));
        assertTrue(window.ack(message.id()), "it may still be taken");
    }

    @Test
    void a_second_ack_deletes_nothing() {
        current();
        var message = durable();
        window.offer(message, Optional.empty());
        assertTrue(window.ack(message.id()));
        assertFalse(window.ack(message.id()));
        assertFalse(window.ack(UUID.randomUUID()));
    }

    @Test
    void a_message_that_is_offered_after_it_was_read_and_acknowledged_is_not_sent_again() {
        current();
        var read = durable();
        window.missed();
        window.startReading();
        window.read(List.of(read));
        assertTrue(window.ack(read.id()));
        window.deleted(List.of(read.id()));
        current();

        assertFalse(window.offer(read, Optional.empty()));
        assertTrue(window.startReading() > 0, "its row is looked for, and not there");
        window.read(List.of());
        assertTrue(window.offer(durable(), Optional.empty()));
    }

    @Test
    void a_channel_that_ends_gives_the_places_of_its_messages_back() {
        current();
        var channel = UUID.randomUUID();
        var taken = durable(channel);
        var unread = durable(channel);
        var other = durable();
        for (var message : List.of(taken, unread, other)) {
            assertTrue(window.offer(message, Optional.empty()));
        }
        assertTrue(window.ack(taken.id()));
        assertFalse(window.offer(durable(), Optional.empty()), "no place is free");

        window.ended(channel);
        window.deleted(List.of(taken.id()));

        assertEquals(Set.of(other.id()), window.known());
        assertEquals(CAPACITY - 1, window.startReading());
        assertFalse(window.ack(unread.id()), "its row is gone");
    }

    @Test
    void of_a_channel_that_has_ended_nothing_is_sent_that_was_accepted_or_read_before() {
        var channel = UUID.randomUUID();
        var other = durable();
        window.startReading();
        window.ended(channel);
        assertEquals(List.of(), window.read(List.of(durable(channel), other)));
        assertTrue(window.startReading() > 0, "read again");
        assertEquals(List.of(other), window.read(List.of(other)));
        assertFalse(window.offer(durable(channel), Optional.empty()));
    }

    @Test
    void a_failed_read_is_repeated() {
        window.startReading();
        window.readFailed();
        assertEquals(CAPACITY, window.startReading());
    }

    /**
     * Random interleavings of accepts, here, where what was accepted is offered at once or later and not in order, and at another
     * instance whose wake-ups come late, of reads and of acks against a model of the table.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everything_accepted_is_sent_once_and_in_order(long seed) {
        var random = new Random(seed);
        var table = new ArrayList<Message>();
        var accepted = new ArrayList<UUID>();
        var sent = new ArrayList<UUID>();
        var unacknowledged = new ArrayList<UUID>();
        var offers = new ArrayList<Offer>();
        List<Message> snapshot = null;
        for (int step = 0; step < 20_000 || sent.size() < accepted.size(); step++) {
            // now and then nothing comes for a while, and the table is emptied
            switch (random.nextInt(step < 20_000 && step % 100 < 50 ? 12 : 10)) {
                case 0, 1 -> {
                    if (snapshot == null) {
                        var room = window.startReading();
                        var known = new HashSet<>(window.known());
                        snapshot = room == 0
                                ? null
                                : table.stream()
                                        .filter(m -> !known.contains(m.id()))
                                        .limit(room)
                                        .toList();
                    }
                }
                case 2, 3 -> {
                    if (snapshot != null) {
                        for (var message : window.read(snapshot)) {
                            sent.add(message.id());
                            unacknowledged.add(message.id());
                        }
                        snapshot = null;
                    }
                }
                case 4, 5, 6 -> {
                    if (!unacknowledged.isEmpty()) {
                        var id = unacknowledged.remove(random.nextInt(unacknowledged.size()));
                        assertTrue(window.ack(id));
                        table.removeIf(m -> m.id().equals(id));
                        window.deleted(List.of(id));
                    }
                }
                case 7, 8 -> window.missed();
                case 9 -> {
                    if (!offers.isEmpty()) {
                        var offer = offers.remove(random.nextInt(Math.min(2, offers.size())));
                        if (window.offer(offer.message(), offer.before())) {
                            sent.add(offer.message().id());
                            unacknowledged.add(offer.message().id());
                        }
                    }
                }
                case 10 -> {
                    var elsewhere = durable();
                    accepted.add(elsewhere.id());
                    table.add(elsewhere);
                }
                default -> {
                    var message = durable();
                    var before = table.isEmpty()
                            ? Optional.<UUID>empty()
                            : Optional.of(table.getLast().id());
                    accepted.add(message.id());
                    table.add(message);
                    offers.add(new Offer(message, before));
                }
            }
            assertTrue(unacknowledged.size() <= CAPACITY);
        }
        assertEquals(accepted, sent);
    }

    /** What was accepted and is not offered yet. */
    private record Offer(Message message, Optional<UUID> before) {}

    private void fill(int places) {
        for (int i = 0; i < places; i++) {
            assertTrue(window.offer(durable(), Optional.empty()));
        }
    }

    private void current() {
        window.startReading();
        window.read(List.of());
    }

    private static Message durable() {
        return durable(UUID.randomUUID());
    }

    private static Message durable(UUID channel) {
        return new Message(
                UUID.randomUUID(), ACCOUNT, DEVICE, channel, new byte[0], Instant.MAX, Urgency.NORMAL, true, false);
    }
}
