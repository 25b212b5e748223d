package org.domicile.local.home;

/** How the services run. */
public enum Packaging {
    /** On the JVM. */
    JAR,
    /** On the JVM of JDK 25, with a cache of loaded and linked classes that a run before has left (JEP 483, 514). */
    CACHED,
    /** As native executables. */
    EXECUTABLE
}
