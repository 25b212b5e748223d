package org.domicile.outside;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The outside system whose data moves with its accounts. */
@ConfigMapping(prefix = "domicile.outside")
public interface OutsideConfig {
    /** What it is: a {@code database} of PostgreSQL, or a {@code remote} system that implements the participant API. */
    Kind kind();

    /** How it takes part. */
    enum Kind {
        /** Its PostgreSQL database, in which this participant keeps a schema of its own. */
        DATABASE,
        /** Over HTTPS, by the participant API ({@code docs/outside-systems.md}). */
        REMOTE
    }

    /** The tables of a database. */
    Optional<Database> database();

    /** Where a remote system is. */
    Optional<Remote> remote();

    /** A foreign database. */
    interface Database {
        /** The schema of its tables. */
        @WithDefault("public")
        String schema();

        /** What stops writes: a {@code trigger} that this participant installs, or the owner's {@code hook}. */
        @WithDefault("trigger")
        FenceKind fence();

        /** Tables that hold data of accounts: name → how a row is known to belong to one. */
        Map<String, Table> tables();

        /** Tables that refer to those and hold no data of accounts. */
        Optional<List<String>> ignored();

        /** The owner's hook. */
        Optional<Endpoint> hook();
    }

    /** What keeps an account's rows from being written. */
    enum FenceKind {
        TRIGGER,
        HOOK
    }

    /** A table that moves. */
    interface Table {
        /** The column (uuid or text) that holds the account's id; without it the row belongs to the account of the row it refers to. */
        Optional<String> account();

        /** Which foreign key leads to the account, by a column of it; only where several do. */
        Optional<String> via();

        /** Columns that stay behind: region-local, or derived. */
        Optional<List<String>> without();
    }

    /** Where something is called over HTTPS. */
    interface Endpoint {
        /** Base URL. */
        URI url();

        /** A file with the bearer token to present. */
        Path tokenFile();

        /** PEM file of the authority that issued its certificate; the JDK's own ones if not set. */
        Optional<Path> ca();
    }

    /** A system that implements the participant API. */
    interface Remote extends Endpoint {
        /** Its classes of data, those that others refer to first. */
        List<String> classes();
    }
}
