package org.domicile.platform.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.domicile.platform.verify.ClassInventory.Entry;
import org.domicile.platform.verify.Verification.Compared;
import org.domicile.platform.verify.Verification.Differing;
import org.domicile.platform.verify.Verification.What;

/**
 * Compares a copy with the home of the account, which is written to meanwhile. What the home wrote last at or below a version must be
 * here, the same; what it wrote later is counted as newer, and what it no longer has as gone.
 */
public final class Comparison {
    private static final int SAMPLE = 20;
    private static final int PSEUDONYM = 16;

    private final Inventory here;
    private final JsonObject home;
    private final long upTo;
    private final Rule rule;

    /** How what the home lacks is judged. */
    public enum Rule {
        /** The home is written to; it lacks something of the copy only if that has happened since the copy was last sealed. */
        LIVE,
        /** Both are closed: there is nothing newer and nothing gone. */
        SEALED
    }

    /** @param home what {@link Inventory#answer} told of the home */
    public Comparison(Inventory here, JsonObject home, long upTo, Rule rule) {
        this.here = here;
        this.home = home;
        this.upTo = upTo;
        this.rule = rule;
    }

    /** Class → every key that is not as it must be. */
    public Map<String, List<Differing>> differing() {
        var differing = new TreeMap<String, List<Differing>>();
        home.getJsonObject("classes").forEach(told -> {
            var entries = ((JsonObject) told.getValue()).getJsonArray("entries");
            if (entries != null) {
                var wrong = differing(
                        mine(told.getKey()).entries(),
                        Inventory.entries(entries).entries());
                if (!wrong.isEmpty()) {
                    differing.put(told.getKey(), wrong);
                }
            }
        });
        return differing;
    }

    private List<Differing> differing(Map<String, Entry> mine, Map<String, Entry> theirs) {
        var wrong = new ArrayList<Differing>();
        mine.forEach((key, entry) -> {
            var there = theirs.get(key);
            if (there == null) {
                if (!mayBeGone()) {
                    wrong.add(new Differing(key, What.ONLY_IN_THE_COPY));
                }
            } else if (!there.equals(entry) && (there.version() <= entry.version() || rule == Rule.SEALED)) {
                wrong.add(new Differing(key, What.OTHERWISE));
            }
        });
        theirs.forEach((key, entry) -> {
            if (!mine.containsKey(key) && entry.version() <= upTo) {
                wrong.add(new Differing(key, What.ONLY_AT_THE_HOME));
            }
        });
        return wrong;
    }

    private boolean mayBeGone() {
        return rule == Rule.LIVE && home.getLong("counter") > here.counter();
    }

    /** In numbers, with the first keys of each class. @param personal classes whose keys an owner chose: they are told hashed */
    public Verification verification(java.time.Instant at, Set<String> personal) {
        var wrong = differing();
        var compared = new TreeMap<String, Compared>();
        home.getJsonObject("classes")
                .forEach(told -> compared.put(
                        told.getKey(),
                        compared(
                                told.getKey(),
                                (JsonObject) told.getValue(),
                                wrong.getOrDefault(told.getKey(), List.of()),
                                personal.contains(told.getKey()))));
        return new Verification(at, upTo, compared);
    }

    private Compared compared(String name, JsonObject told, List<Differing> wrong, boolean personal) {
        var mine = mine(name).entries();
        var entries = told.getJsonArray("entries");
        if (entries == null) {
            return new Compared(mine.size(), told.getLong("newer"), 0, 0, List.of());
        }
        var theirs = Inventory.entries(entries).entries();
        var equal = mine.entrySet().stream()
                .filter(entry -> entry.getValue().equals(theirs.get(entry.getKey())))
                .count();
        var newer =
                theirs.values().stream().filter(entry -> entry.version() > upTo).count();
        var gone = mayBeGone()
                ? mine.keySet().stream().filter(key -> !theirs.containsKey(key)).count()
                : 0;
        var sample = wrong.stream()
                .limit(SAMPLE)
                .map(one -> personal ? new Differing(pseudonym(one.key()), one.what()) : one)
                .collect(Collectors.toList());
        return new Compared(equal, newer, gone, wrong.size(), sample);
    }

    private ClassInventory mine(String name) {
        return here.classes().getOrDefault(name, new ClassInventory());
    }

    private static String pseudonym(String key) {
        return "sha256:"
                + HexFormat.of()
                        .formatHex(ItemMac.sha256().digest(key.getBytes(UTF_8)))
                        .substring(0, PSEUDONYM);
    }
}
