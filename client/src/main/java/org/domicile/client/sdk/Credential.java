package org.domicile.client.sdk;

/** @param username an e-mail address, a phone number or an account id */
public record Credential(String username, Secret password) {}
