package org.domicile.backup.usage;

/**
 * An answer about an account.
 *
 * @param epoch of the account's fence row here
 */
public record AtEpoch<T>(T body, long epoch) {}
