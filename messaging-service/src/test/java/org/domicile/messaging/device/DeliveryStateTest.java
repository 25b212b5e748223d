package org.domicile.messaging.device;

import static org.domicile.messaging.device.DeliveryState.DELETING;
import static org.domicile.messaging.device.DeliveryState.GONE;
import static org.domicile.messaging.device.DeliveryState.IN_FLIGHT;
import static org.domicile.messaging.device.DeliveryState.SET_ASIDE;
import static org.domicile.messaging.device.DeliveryState.WAITING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.domicile.messaging.device.DeliveryState.Event;
import org.junit.jupiter.api.Test;

class DeliveryStateTest {
    private record Step(DeliveryState from, Event event, boolean durable) {}

    /** All steps that change the state; every other combination must change nothing. */
    private static final Map<Step, DeliveryState> CHANGES = Map.of(
            new Step(WAITING, Event.SEND, true), IN_FLIGHT,
            new Step(WAITING, Event.SEND, false), IN_FLIGHT,
            new Step(IN_FLIGHT, Event.ACK, true), DELETING,
            new Step(IN_FLIGHT, Event.ACK, false), GONE,
            new Step(IN_FLIGHT, Event.NACK, true), SET_ASIDE,
            new Step(IN_FLIGHT, Event.NACK, false), GONE,
            new Step(SET_ASIDE, Event.ACK, true), DELETING,
            new Step(SET_ASIDE, Event.ACK, false), DELETING,
            new Step(DELETING, Event.DELETED, true), GONE,
            new Step(DELETING, Event.DELETED, false), GONE);

    @Test
    void the_diagram_is_the_whole_behaviour() {
        for (var from : DeliveryState.values()) {
            for (var event : Event.values()) {
                for (var durable : new boolean[] {true, false}) {
                    var step = new Step(from, event, durable);
                    assertEquals(CHANGES.getOrDefault(step, from), from.on(event, durable), step.toString());
                }
            }
        }
    }
}
