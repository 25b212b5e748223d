package org.domicile.client.cli;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What this computer knows of one account: everything secret, in a file that only its owner reads. The records are the file's
 * JSON.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
final class Profile {
    public String accountId;
    public String identifier;
    public String password;
    public String market;
    public String homeRegion;
    public DeviceKey device;
    public RepositoryKey repository;
    public InboxKey inbox;
    public SenderKey sender;
    public TokenPair tokens;
    /** Inbox keys of others by device id, as first seen: a change is shown. */
    public Map<String, String> pinnedInboxes = new LinkedHashMap<>();
    /** The ids of others' devices, by the number or address that they were looked up with: one that is added is shown. */
    public Map<String, Set<String>> pinnedDevices = new LinkedHashMap<>();
    /** The keys that others' devices sign with, by device id, as first seen: a change is shown. */
    public Map<String, String> pinnedSenders = new LinkedHashMap<>();
    /** The newest messages that were shown: one that comes again is not shown again. */
    public Set<String> shownMessages = new LinkedHashSet<>();

    /** The device's own credential. */
    record DeviceKey(String id, String secret) {
        @Override
        public String toString() {
            return "DeviceKey[" + id + "]";
        }
    }

    /** Nobody else has this password: without it the backup cannot be read. */
    record RepositoryKey(String name, String password) {
        @Override
        public String toString() {
            return "RepositoryKey[" + name + "]";
        }
    }

    record InboxKey(String channel, String privateKey, String p256dh, String auth) {
        @Override
        public String toString() {
            return "InboxKey[" + channel + "]";
        }
    }

    record SenderKey(String privateKey, String publicKey) {
        @Override
        public String toString() {
            return "SenderKey[" + publicKey + "]";
        }
    }

    record TokenPair(String access, String refresh, String expires) {
        Instant expiry() {
            return Instant.parse(expires);
        }

        @Override
        public String toString() {
            return "TokenPair[redacted]";
        }
    }

    @Override
    public String toString() {
        return "Profile[" + accountId + "]";
    }
}
