package org.domicile.client.restic;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;

/** Where a repository's files are. Safe for threads. The config file has no name: pass the empty string. */
public interface Backend {

    /** @param size bytes */
    record Entry(String name, long size) {}

    /** Makes the place ready for a repository; harmless when it is. */
    void create() throws IOException;

    /** Stores a file whole or not at all; storing the same again is harmless. */
    void save(FileType type, String name, List<byte[]> content) throws IOException;

    /**
     * Reads {@code length} bytes from {@code offset}.
     *
     * @throws FileNotFoundException when there is no such file
     * @throws IOException also when the file is shorter than asked for
     */
    byte[] load(FileType type, String name, long offset, int length) throws IOException;

    /** Reads a whole file. For small ones and packs. */
    byte[] load(FileType type, String name) throws IOException;

    boolean exists(FileType type, String name) throws IOException;

    /** All files of a kind, in no order; empty when there is none. */
    List<Entry> list(FileType type) throws IOException;

    /** Harmless when there is no such file. */
    void remove(FileType type, String name) throws IOException;
}
