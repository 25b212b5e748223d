package org.domicile.platform.consent;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an owner can switch on. Off until a consent row says otherwise. */
@RegisterForReflection
public enum Feature {
    BACKUP,
    MESSAGING,
    DISCOVERABILITY,
    DIAGNOSTICS;

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Feature> find(String id) {
        return Arrays.stream(values()).filter(f -> f.id().equals(id)).findFirst();
    }

    /** @throws IllegalArgumentException if no feature has this id */
    @JsonCreator
    public static Feature parse(String id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException("unknown feature " + id));
    }
}
