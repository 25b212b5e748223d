package org.domicile.participant;

import static org.domicile.participant.Broken.unless;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Who may order what, and how often. */
final class CommandChecks {
    private CommandChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "authorisation",
                        "A caller without the token learns and changes nothing.",
                        CommandChecks::authorised),
                new Check(
                        "signature",
                        "A command counts only with the signature of the region that it names.",
                        CommandChecks::signed),
                new Check("address", "A command to another service or region does nothing.", CommandChecks::addressed),
                new Check("missing-row", "An account that was never here is NONE at epoch 0.", CommandChecks::missing),
                new Check(
                        "opened-once",
                        "Opening makes the row once; a row that exists stays.",
                        CommandChecks::openedOnce),
                new Check(
                        "repeated-command",
                        "A command of the row's own epoch changes nothing, whatever it orders.",
                        CommandChecks::repeated),
                new Check("late-command", "A command below the row's epoch changes nothing.", CommandChecks::late));
    }

    private static void authorised(Subject subject) {
        unless(subject.api().hasToken(), "the kit was given no token: name the file that holds it (--token)");
        var account = subject.opened();
        var stranger = subject.api().withoutToken();
        for (var answer : List.of(
                stranger.get(account.path()),
                stranger.get(account.path() + "/records/" + subject.firstClass() + "?after=-1&limit=10"),
                stranger.post(
                        "/commands", ParticipantApi.JSON.createObjectNode().put("jws", "x")))) {
            unless(
                    answer.status() == 401 || answer.status() == 403,
                    "a call without a token must be answered 401 and was answered " + answer.status());
        }
    }

    private static void signed(Subject subject) {
        var account = subject.opened();
        var command = subject.command("freeze", account.id(), 3, 2).toString();
        var genuine = subject.key().sign(command);
        var parts = genuine.split("\\.");
        var other = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(command.replace("\"epoch\":3", "\"epoch\":4").getBytes(StandardCharsets.UTF_8));
        var stranger =
                new SigningKey(subject.key().issuer(), SigningKey.generate().getPrivate());
        for (var forged : List.of(
                stranger.sign(command),
                parts[0] + "." + other + "." + parts[2],
                parts[0] + "." + parts[1] + ".",
                subject.key()
                        .sign("{\"alg\":\"none\",\"kid\":\"" + subject.key().issuer() + "\"}", command),
                new SigningKey("nobody", SigningKey.generate().getPrivate()).sign(command),
                subject.key()
                        .sign(command.replace("\"issuer\":\"" + subject.key().issuer(), "\"issuer\":\"another")),
                "nonsense")) {
            var answer = account.post(forged);
            unless(
                    answer.status() / 100 == 4,
                    "a forged command must be answered 4xx and was answered " + answer.status());
            account.row().mustBe("OWN", 1, "after a forged command");
        }
    }

    private static void addressed(Subject subject) {
        var account = subject.opened();
        for (var member : List.of("service", "region")) {
            account.send(subject.command("freeze", account.id(), 3, 2).put(member, "another"));
            account.row().mustBe("OWN", 1, "after a command to another " + member);
        }
    }

    private static void missing(Subject subject) {
        var account = subject.account();
        account.row().mustBe("NONE", 0, "for an account that was never here");
        account.mustRefuseWrites("of an account that was never here");
        account.row().mustBe("NONE", 0, "after a write that was refused");
    }

    private static void openedOnce(Subject subject) {
        var account = subject.opened();
        account.open(9).mustBe("OWN", 1, "opened again");
        account.order("freeze", 3).mustBe("FROZEN", 3, "after FREEZE");
        account.open(9).mustBe("FROZEN", 3, "opened while frozen");
    }

    private static void repeated(Subject subject) {
        var account = subject.opened();
        account.fill();
        var frozen = account.order("freeze", 3);
        frozen.mustBe("FROZEN", 3, "after FREEZE");
        unless(frozen.equals(account.order("freeze", 3)), "FREEZE given twice must be answered the same");
        account.order("activate", 4).mustBe("OWN", 4, "after ACTIVATE");
        var before = account.records();
        account.order("purge", 4).mustBe("OWN", 4, "after another command of the same epoch");
        unless(before.equals(account.records()), "a command of the row's own epoch dropped records");
    }

    private static void late(Subject subject) {
        var account = subject.opened();
        account.fill();
        account.order("freeze", 7).mustBe("FROZEN", 7, "after FREEZE");
        account.order("activate", 6).mustBe("FROZEN", 7, "after a late ACTIVATE");
        account.order("purge", 2).mustBe("FROZEN", 7, "after a late PURGE");
        account.order("activate", 8).mustBe("OWN", 8, "after ACTIVATE");
        account.order("freeze", 7).mustBe("OWN", 8, "after a FREEZE that came again, late");
        account.write(subject.firstClass());
    }
}
