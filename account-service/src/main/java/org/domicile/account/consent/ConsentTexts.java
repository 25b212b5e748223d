package org.domicile.account.consent;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.annotations.RegisterResources;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.domicile.platform.consent.ConsentConfig;
import org.domicile.platform.consent.Feature;

/** What an owner is told before consenting to a feature, by version of the policy. A client shows it, and names its version. */
@Startup
@Singleton
@RegisterResources(globs = "consent/texts.json")
public class ConsentTexts {
    private static final String PACKAGED = "/consent/texts.json";

    private final Map<Feature, ConsentText> current;

    @Inject
    public ConsentTexts(ConsentTextsConfig config, ConsentConfig policy) {
        var texts = parse(config.file().map(ConsentTexts::read).orElseGet(ConsentTexts::packaged));
        var version = policy.currentPolicy();
        if (!texts.containsKey(version)) {
            throw new IllegalStateException("there is no text of the policy in force, " + version
                    + ": name a file that has it in domicile.consent-texts.file");
        }
        current = texts.get(version);
    }

    /**
     * @param version of the policy that it belongs to: what a client names when the owner has agreed
     * @param text in English
     */
    public record ConsentText(String version, String text) {}

    /** Of the policy in force, for every feature. */
    public Map<Feature, ConsentText> current() {
        return current;
    }

    private static TreeMap<String, Map<Feature, ConsentText>> parse(Buffer json) {
        try {
            var versions = new TreeMap<String, Map<Feature, ConsentText>>();
            new JsonObject(json)
                    .forEach(entry ->
                            versions.put(entry.getKey(), texts(entry.getKey(), (JsonObject) entry.getValue())));
            return versions;
        } catch (DecodeException | ClassCastException e) {
            throw new IllegalStateException("the consent texts are not JSON by policy version and feature", e);
        }
    }

    private static Map<Feature, ConsentText> texts(String version, JsonObject features) {
        var texts = new EnumMap<Feature, ConsentText>(Feature.class);
        Arrays.stream(Feature.values()).forEach(feature -> {
            var text = features.getString(feature.id(), "");
            if (text.isBlank()) {
                throw new IllegalStateException("there is no consent text of " + feature.id() + " in " + version);
            }
            texts.put(feature, new ConsentText(version, text));
        });
        return Collections.unmodifiableMap(texts);
    }

    private static Buffer read(Path file) {
        try {
            return Buffer.buffer(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("the consent texts cannot be read: check domicile.consent-texts.file", e);
        }
    }

    private static Buffer packaged() {
        try (var in = ConsentTexts.class.getResourceAsStream(PACKAGED)) {
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
