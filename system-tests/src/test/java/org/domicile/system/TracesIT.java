package org.domicile.system;

import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Moves;
import org.domicile.local.demo.MoveWatch;
import org.domicile.local.demo.Person;
import org.domicile.local.demo.Screen;
import org.domicile.platform.testing.TraceReceiver;
import org.domicile.platform.testing.TraceReceiver.Seen;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a collector gets to see of two regions. */
@ExtendWith(StartedStack.class)
class TracesIT {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Set<String> PROCESSES = Set.of(
            "cn-north account",
            "cn-north backup",
            "cn-north messaging",
            "cn-north migration",
            "cn-north shop",
            "ap-southeast account",
            "ap-southeast backup",
            "ap-southeast messaging",
            "ap-southeast migration",
            "ap-southeast shop");
    private static final Set<String> STEPS = Set.of(
            "move CUT_OVER",
            "move ATTESTED",
            "deliver commands",
            "POST /peer/v1/commands",
            "consume residency.commands",
            "task COPY",
            "GET /transfer/v1/:account",
            "consume residency.acks",
            "deliver acks",
            "deliver batons",
            "task PURGE");

    private final org.domicile.client.sdk.Stack client = StartedStack.client();
    private final TraceReceiver receiver = StartedStack.traces();

    @Test
    void a_move_is_one_trace_over_all_services_of_both_regions() throws Exception {
        var person = Person.signUp(client, "SG", "Ann", RANDOM);
        person.addDevice("phone");
        person.consent("backup");

        var trace = move(person).replace("-", "");

        // each process tells its spans when it has some, in no order among them
        Wait.until("every service of both regions has told its part", () -> processes(receiver.of(trace))
                .equals(PROCESSES));
        Wait.until("every kind of step is told", () -> names(receiver.of(trace)).containsAll(STEPS));
        Wait.until(
                "all hangs together: only the move itself is above",
                () -> beginnings(receiver.of(trace)).size() == 1);
    }

    private static Set<String> processes(List<Seen> spans) {
        return spans.stream()
                .map(s -> s.process().get("domicile.region") + " " + s.process().get("service.name"))
                .collect(Collectors.toSet());
    }

    private static Set<String> names(List<Seen> spans) {
        return spans.stream().map(Seen::name).collect(Collectors.toSet());
    }

    /** What spans come of and is not among them; a service's spans may be told after those that come of them. */
    private static Set<String> beginnings(List<Seen> spans) {
        var known = spans.stream().map(Seen::span).collect(Collectors.toSet());
        return spans.stream().map(Seen::parent).filter(p -> !known.contains(p)).collect(Collectors.toSet());
    }

    /** @return the move's id */
    private String move(Person person) throws Exception {
        var operator = DomicileClient.of(client);
        var moves = new Moves(operator.signIn(operator.regions().get(StartedStack.CN), client.operator()));
        var screen = new Screen(new PrintWriter(System.err, true), false);
        return MoveWatch.order(moves, screen, person.account().toString(), StartedStack.SG)
                .until(Set.of("ATTESTED"))
                .path("id")
                .asText();
    }
}
