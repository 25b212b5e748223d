package org.domicile.platform.retention;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is stored of a class of data, and what of it a purge would delete.
 *
 * @param recordClass its name
 * @param retention the longest that an item may stay; absent for what stays as long as the account
 * @param job what purges it
 * @param items how many are stored
 * @param oldest when the oldest item's time began
 * @param due how many would go
 * @param going the first of those
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Holding(
        @JsonProperty("class") String recordClass,
        String what,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Duration retention,
        String job,
        long items,
        Instant oldest,
        long due,
        List<Item> going) {

    /** @param id of the account or of the item; no content */
    public record Item(String id, Instant since, Instant due) {}
}
