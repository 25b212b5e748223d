package org.domicile.client.sdk;

/**
 * What opens an account.
 *
 * @param market ISO 3166 code of the country
 * @param identifier the e-mail address or phone number to prove
 * @param displayName may be null
 * @param ageBand {@code adult}, {@code minor}, or null for the first
 * @param guardian who confirms for a minor: their e-mail address or phone number; else null
 */
public record SignUp(
        String market, Identifier identifier, Secret password, String displayName, String ageBand, String guardian) {}
