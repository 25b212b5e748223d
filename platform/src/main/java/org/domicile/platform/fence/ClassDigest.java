package org.domicile.platform.fence;

/**
 * One class of data, digested.
 *
 * @param count records
 * @param digest hex SHA-256 over the records' MACs in key order; the MAC key is made for one move
 */
public record ClassDigest(long count, String digest) {}
