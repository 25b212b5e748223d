package org.domicile.local.part;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.domicile.local.process.Launch;
import org.domicile.local.process.Termination;

/** One server process of the stack. */
public interface Part {
    /** Unique in the stack; names its log and pid file. */
    String name();

    /** Names of the parts that must be ready before this one is prepared. */
    List<String> needs();

    /** Names of the ports it will listen on. */
    List<String> ports();

    /** Writes its configuration and data folder. May take as long as unpacking does. */
    Launch prepare();

    /** One look, without waiting; an exception means not yet. */
    boolean isReady() throws IOException, InterruptedException;

    /** Makes what others expect in it (databases, topics, realm); what is there already stays. */
    default void provision() {}

    default Duration patience() {
        return Duration.ofSeconds(180);
    }

    default Termination.Request stopRequest() {
        return Termination.Request.TERM;
    }
}
