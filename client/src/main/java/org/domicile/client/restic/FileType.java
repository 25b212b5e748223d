package org.domicile.client.restic;

/** The kinds of files in a repository; the folder's name is the kind's. */
public enum FileType {
    CONFIG("config"),
    KEY("keys"),
    LOCK("locks"),
    SNAPSHOT("snapshots"),
    INDEX("index"),
    PACK("data");

    private final String folder;

    FileType(String folder) {
        this.folder = folder;
    }

    public String folder() {
        return folder;
    }
}
