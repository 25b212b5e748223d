package org.domicile.checks.network;

/**
 * Something that may open connections to a port of something else.
 *
 * @param port {@code 443}, {@code 53/UDP} for what is not TCP, {@code 443-8443} for a range
 */
public record Arrow(String from, String to, String port) implements Comparable<Arrow> {
    @Override
    public int compareTo(Arrow other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return from + " → " + to + ":" + port;
    }
}
