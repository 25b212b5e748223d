package org.domicile.client.restic;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * One backup of one folder at one time.
 *
 * @param time RFC 3339 with nanoseconds
 * @param parent the snapshot it was made against, or null
 * @param tree the root folder's tree blob
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"time", "parent", "tree", "paths", "hostname", "username", "excludes", "tags"})
public record Snapshot(
        @JsonProperty("time") String time,
        @JsonProperty("parent") String parent,
        @JsonProperty("tree") String tree,
        @JsonProperty("paths") List<String> paths,
        @JsonProperty("hostname") String hostname,
        @JsonProperty("username") String username,
        @JsonProperty("excludes") List<String> excludes,
        @JsonProperty("tags") List<String> tags) {

    /** A snapshot under its name in the repository. */
    public record Named(Id id, Snapshot snapshot) {}

    public Instant instant() {
        return OffsetDateTime.parse(time).toInstant();
    }
}
