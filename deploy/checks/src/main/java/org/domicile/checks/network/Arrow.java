package org.domicile.checks.network;

/** Something that may open connections to a port of something else. */
public record Arrow(String from, String to, int port) implements Comparable<Arrow> {
    @Override
    public int compareTo(Arrow other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return from + " → " + to + ":" + port;
    }
}
