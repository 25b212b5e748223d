package org.domicile.account.confirmation;

/** @param code the one-time code */
public record CodeGiven(String code) {
    @Override
    public String toString() {
        return "CodeGiven[redacted]";
    }
}
