package org.domicile.platform.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.erasure.ErasureEntry;

/** How an account may be named in what is said to a database: by its id or the erasure list's hash of it, as bytes or as text. */
record AccountMarks(List<byte[]> marks) {
    static AccountMarks of(AccountId account) {
        var hash = ErasureEntry.key(account);
        return new AccountMarks(List.of(
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(account.value().getMostSignificantBits())
                        .putLong(account.value().getLeastSignificantBits())
                        .array(),
                account.toString().getBytes(US_ASCII),
                HexFormat.of().parseHex(hash),
                hash.getBytes(US_ASCII)));
    }

    boolean in(byte[] message) {
        return marks.stream().anyMatch(mark -> isIn(message, mark));
    }

    private static boolean isIn(byte[] message, byte[] mark) {
        for (var at = 0; at + mark.length <= message.length; at++) {
            if (message[at] == mark[0] && Arrays.equals(message, at, at + mark.length, mark, 0, mark.length)) {
                return true;
            }
        }
        return false;
    }
}
