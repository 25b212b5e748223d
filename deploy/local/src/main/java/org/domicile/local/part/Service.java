package org.domicile.local.part;

import java.util.Arrays;
import java.util.List;

/** The four services. */
public enum Service {
    ACCOUNT("account", "account-service", 192),
    BACKUP("backup", "cloud-backup-service", 256),
    MESSAGING("messaging", "messaging-service", 192),
    MIGRATION("migration", "migration-service", 192);

    private final String id;
    private final String module;
    private final int heapMegabytes;

    Service(String id, String module, int heapMegabytes) {
        this.id = id;
        this.module = module;
        this.heapMegabytes = heapMegabytes;
    }

    /** As in configuration, URLs and Kafka principals. */
    public String id() {
        return id;
    }

    public String module() {
        return module;
    }

    int heapMegabytes() {
        return heapMegabytes;
    }

    public static List<String> modules() {
        return Arrays.stream(values()).map(Service::module).toList();
    }
}
