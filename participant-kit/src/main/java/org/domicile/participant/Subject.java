package org.domicile.participant;

import static org.domicile.participant.ParticipantApi.JSON;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The system under check, and what it says it is. */
final class Subject {
    private final ParticipantApi api;
    private final SigningKey key;
    private final String service;
    private final String region;
    private final List<String> classes = new ArrayList<>();

    private Subject(ParticipantApi api, SigningKey key, String service, String region) {
        this.api = api;
        this.key = key;
        this.service = service;
        this.region = region;
    }

    static Subject ask(ParticipantApi api, SigningKey key) {
        var said = api.get("").orBroken("the question what it is").body();
        Broken.unless(
                said.path("service").isTextual()
                        && said.path("region").isTextual()
                        && said.path("classes").isArray(),
                "GET on the base address must give {service, region, classes}, and gave " + said);
        var subject = new Subject(
                api, key, said.get("service").textValue(), said.get("region").textValue());
        said.get("classes").forEach(name -> subject.classes.add(name.textValue()));
        Broken.unless(!subject.classes.isEmpty(), "it has no class of data");
        return subject;
    }

    ParticipantApi api() {
        return api;
    }

    SigningKey key() {
        return key;
    }

    List<String> classes() {
        return classes;
    }

    /** The class that checks of a single one use. */
    String firstClass() {
        return classes.getFirst();
    }

    /** An account that nobody has seen before. */
    Account account() {
        return new Account(this, UUID.randomUUID().toString());
    }

    /** One that is at home here since epoch 1. */
    Account opened() {
        var account = account();
        account.open(1).mustBe("OWN", 1, "once opened");
        return account;
    }

    /** The members of a command. */
    ObjectNode command(String operation, String account, long epoch, long shadowEpoch) {
        return JSON.createObjectNode()
                .put("operation", operation)
                .put("accountId", account)
                .put("service", service)
                .put("region", region)
                .put("epoch", epoch)
                .put("issuer", key.issuer())
                .put("peer", "elsewhere")
                .put("shadowEpoch", shadowEpoch);
    }
}
