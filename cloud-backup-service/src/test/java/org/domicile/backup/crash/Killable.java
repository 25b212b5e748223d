package org.domicile.backup.crash;

/** A part that can be killed as by {@code kill -9} and started again on what it left. */
interface Killable {
    void kill() throws Exception;

    void start() throws Exception;
}
