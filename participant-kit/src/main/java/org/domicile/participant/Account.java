package org.domicile.participant;

import static org.domicile.participant.ParticipantApi.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One account at the system under check, and what its home, its mover and its owner do with it. */
record Account(Subject subject, String id) {
    private static final int PAGE = 100;

    /** What a write was given. */
    record Written(String key, long version) {}

    Row open(long epoch) {
        return Row.of(subject.api().put(path(), JSON.createObjectNode().put("epoch", epoch)));
    }

    Row row() {
        return Row.of(subject.api().get(path()));
    }

    Row order(String operation, long epoch) {
        return order(operation, epoch, 0);
    }

    Row order(String operation, long epoch, long shadowEpoch) {
        return Row.of(send(subject.command(operation, id, epoch, shadowEpoch)));
    }

    /** CLOSE with what a source would have sealed. */
    Answer close(long epoch, long shadowEpoch, long counter) {
        var command = subject.command("close", id, epoch, shadowEpoch);
        var manifest = command.putObject("manifest").put("counter", counter);
        manifest.putObject("classes");
        manifest.putObject("projections");
        return send(command);
    }

    Answer send(ObjectNode command) {
        return post(subject.key().sign(command.toString()));
    }

    Answer post(String jws) {
        return subject.api().post("/commands", JSON.createObjectNode().put("jws", jws));
    }

    Answer tryWrite(String recordClass, String key, boolean delete) {
        var body = JSON.createObjectNode().put("class", recordClass);
        if (key != null) {
            body.put("key", key);
        }
        return subject.api().post(path() + "/check", delete ? body.put("delete", true) : body);
    }

    Written write(String recordClass) {
        return written(tryWrite(recordClass, null, false));
    }

    Written change(String recordClass, String key) {
        return written(tryWrite(recordClass, key, false));
    }

    Written delete(String recordClass, String key) {
        return written(tryWrite(recordClass, key, true));
    }

    static Written written(Answer answer) {
        var body = answer.orBroken("a client's write (…/check) in mode OWN").body();
        Broken.unless(
                body.path("key").isTextual() && body.path("version").isIntegralNumber(),
                "a client's write (…/check) must give {key, version}, and gave " + body);
        return new Written(body.get("key").textValue(), body.get("version").longValue());
    }

    /** A few records in every class, one of them changed and one deleted. */
    void fill() {
        for (var recordClass : subject.classes()) {
            var first = write(recordClass);
            for (int i = 0; i < 4; i++) {
                write(recordClass);
            }
            change(recordClass, first.key());
            delete(recordClass, write(recordClass).key());
        }
    }

    List<Rec> page(String recordClass, long after, int limit) {
        return list(subject.api().get(path(recordClass) + "?after=" + after + "&limit=" + limit));
    }

    List<Rec> records(String recordClass) {
        var all = new ArrayList<Rec>();
        var page = page(recordClass, -1, PAGE);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = page(recordClass, page.getLast().version(), PAGE);
        }
        return all;
    }

    Map<String, List<Rec>> records() {
        var all = new LinkedHashMap<String, List<Rec>>();
        subject.classes().forEach(c -> all.put(c, records(c)));
        return all;
    }

    List<Rec> recordsOf(String recordClass, Collection<String> keys) {
        var body = JSON.createObjectNode();
        var array = body.putArray("keys");
        keys.forEach(array::add);
        return list(subject.api().post(path(recordClass), body));
    }

    private static List<Rec> list(Answer answer) {
        var records = new ArrayList<Rec>();
        answer.orBroken("a question for records").body().path("records").forEach(r -> records.add(Rec.of(r)));
        return records;
    }

    Map<String, Long> keys(String recordClass) {
        var keys = new TreeMap<String, Long>();
        subject.api()
                .get(path() + "/keys/" + recordClass)
                .orBroken("a question for keys")
                .body()
                .path("keys")
                .fields()
                .forEachRemaining(e -> keys.put(e.getKey(), e.getValue().asLong()));
        return keys;
    }

    Answer shadowWrite(String recordClass, long shadowEpoch, List<Rec> records, List<String> remove) {
        var body = JSON.createObjectNode().put("shadowEpoch", shadowEpoch);
        var array = body.putArray("records");
        records.forEach(r -> array.add(r.toJson()));
        var removed = body.putArray("remove");
        remove.forEach(removed::add);
        return subject.api().put(path(recordClass), body);
    }

    /** Class → its digest under a key. */
    Map<String, JsonNode> digests(byte[] key) {
        var digests = new TreeMap<String, JsonNode>();
        subject.api()
                .post(
                        path() + "/digest",
                        JSON.createObjectNode().put("key", Base64.getEncoder().encodeToString(key)))
                .orBroken("a question for digests")
                .body()
                .path("classes")
                .fields()
                .forEachRemaining(e -> digests.put(e.getKey(), e.getValue()));
        return digests;
    }

    void mustRefuseWrites(String when) {
        var known = subject.classes().stream()
                .flatMap(c -> keys(c).keySet().stream().limit(1).map(k -> Map.entry(c, k)))
                .findFirst();
        var before = records();
        mustRefuse(tryWrite(subject.firstClass(), null, false), when);
        known.ifPresent(k -> {
            mustRefuse(tryWrite(k.getKey(), k.getValue(), false), when);
            mustRefuse(tryWrite(k.getKey(), k.getValue(), true), when);
        });
        Broken.unless(records().equals(before), "a write that was refused " + when + " changed something");
    }

    private static void mustRefuse(Answer answer, String when) {
        Broken.unless(
                answer.refusesWrite(),
                "a client's write " + when + " must be refused (503, or 404, 409, 421, 423) and was answered "
                        + answer.status());
    }

    String path() {
        return "/accounts/" + id;
    }

    private String path(String recordClass) {
        return path() + "/records/" + recordClass;
    }
}
