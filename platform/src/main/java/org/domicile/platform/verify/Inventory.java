package org.domicile.platform.verify;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.domicile.platform.account.AccountId;

/**
 * Everything that one service has of an account, enumerated within one snapshot of its database, and told to the other side: in short
 * where both agree, key by key where they do not.
 *
 * @param counter the account's version counter in that snapshot
 */
public record Inventory(long counter, Map<String, ClassInventory> classes) {
    private static final String SNAPSHOT = "set transaction isolation level repeatable read";

    /** The first thing in a transaction whose statements are all to see the same. */
    public static Uni<Void> snapshot(SqlConnection connection) {
        return connection.query(SNAPSHOT).execute().replaceWithVoid();
    }

    /** Enumerates, under the move's MAC key. */
    public static Uni<Inventory> take(
            SqlConnection connection, AccountId account, long counter, byte[] macKey, List<InventoryClass> classes) {
        var mac = new ItemMac(macKey);
        var taken = new LinkedHashMap<String, ClassInventory>();
        return Multi.createFrom()
                .iterable(classes)
                .onItem()
                .transformToUniAndConcatenate(of -> {
                    var found = new ClassInventory();
                    taken.put(of.name(), found);
                    return of.scan(
                                    connection,
                                    account,
                                    item -> found.add(item.key(), item.version(), mac.of(of.name(), item)))
                            .replaceWith(of);
                })
                .collect()
                .last()
                .map(last -> new Inventory(counter, taken));
    }

    /** The question to the home: class → what is here up to a version. */
    public JsonObject question(long upTo) {
        var asked = new JsonObject();
        classes.forEach((name, inventory) -> {
            var summary = inventory.upTo(upTo);
            asked.put(name, new JsonObject().put("count", summary.count()).put("digest", summary.digest()));
        });
        return new JsonObject().put("upTo", upTo).put("classes", asked);
    }

    /** The home's answer: of a class that is the same up to that version only a number, of another every key. */
    public JsonObject answer(JsonObject question) {
        long upTo = question.getLong("upTo");
        var told = new JsonObject();
        classes.forEach((name, inventory) -> {
            var summary = inventory.upTo(upTo);
            var asked = question.getJsonObject("classes").getJsonObject(name);
            var same = asked != null
                    && asked.getLong("count") == summary.count()
                    && asked.getString("digest").equals(summary.digest());
            told.put(
                    name,
                    same
                            ? new JsonObject().put("newer", inventory.entries().size() - summary.count())
                            : new JsonObject().put("entries", entries(inventory)));
        });
        return new JsonObject().put("counter", counter).put("classes", told);
    }

    private static JsonArray entries(ClassInventory inventory) {
        var entries = new JsonArray();
        inventory
                .entries()
                .forEach((key, entry) -> entries.add(
                        new JsonArray().add(key).add(entry.version()).add(entry.mac())));
        return entries;
    }

    static ClassInventory entries(JsonArray entries) {
        var inventory = new ClassInventory();
        for (int i = 0; i < entries.size(); i++) {
            var entry = entries.getJsonArray(i);
            inventory.add(entry.getString(0), entry.getLong(1), entry.getString(2));
        }
        return inventory;
    }
}
