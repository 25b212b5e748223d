package org.domicile.account.testing;

import java.io.IOException;
import java.nio.file.Files;

/** Someone whom no notice reaches: a folder lies where it would be left. Until it is closed. */
public final class Undeliverable implements AutoCloseable {
    private final Person person;

    public Undeliverable(Person person) throws IOException {
        this.person = person;
        Files.createDirectories(person.letter().resolve("full"));
    }

    @Override
    public void close() throws IOException {
        Files.delete(person.letter().resolve("full"));
        Files.delete(person.letter());
    }
}
