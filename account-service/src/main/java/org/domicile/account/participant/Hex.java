package org.domicile.account.participant;

import java.util.HexFormat;
import org.domicile.platform.crypto.FieldCipher;

/** Encrypted columns in PostgreSQL's JSON of a row, where {@code bytea} is {@code \x…}. */
final class Hex {
    private static final String PREFIX = "\\x";

    private Hex() {}

    static String decrypt(FieldCipher cipher, String field, String column) {
        return column == null
                ? null
                : cipher.decrypt(field, HexFormat.of().parseHex(column, PREFIX.length(), column.length()));
    }

    static String encrypt(FieldCipher cipher, String field, String value) {
        return value == null ? null : PREFIX + HexFormat.of().formatHex(cipher.encrypt(field, value));
    }
}
