package org.domicile.backup.webdav;

import java.util.HexFormat;

/** Encrypted columns in PostgreSQL's JSON of a row, where {@code bytea} is {@code \x…}. */
final class HexColumn {
    private static final String PREFIX = "\\x";

    private HexColumn() {}

    static String decrypt(DavCipher cipher, String field, String column) {
        return cipher.decrypt(field, HexFormat.of().parseHex(column, PREFIX.length(), column.length()));
    }

    static String encrypt(DavCipher cipher, String field, String value) {
        return PREFIX + HexFormat.of().formatHex(cipher.encrypt(field, value));
    }
}
