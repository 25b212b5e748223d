package org.domicile.client.restic;

/** Who writes: stands in snapshots and locks, inside the encryption; in key files it is readable, so keep it pseudonymous. */
public record Origin(String hostname, String username) {}
