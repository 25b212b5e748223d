package org.domicile.client.restic;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A file's name as trees hold it: any bytes, with quotes, backslashes, control characters and invalid UTF-8 escaped as Go's
 * {@code strconv.Quote} does (without the outer quotes).
 */
final class QuotedName {
    private static final String ESCAPED = "\u0007\b\f\n\r\t\u000b\\\"";
    private static final String LETTERS = "abfnrtv\\\"";

    private QuotedName() {}

    static String quote(byte[] name) {
        StringBuilder quoted = new StringBuilder(name.length);
        for (int i = 0; i < name.length; ) {
            int length = sequenceLength(name, i);
            String text = length == 0 ? null : decode(name, i, length);
            if (text == null) {
                quoted.append("\\x").append(HexFormat.of().toHexDigits(name[i]));
                i++;
            } else {
                append(quoted, text.codePointAt(0));
                i += length;
            }
        }
        return quoted.toString();
    }

    /** @throws RepositoryException for an escape that Go does not write */
    static byte[] unquote(String quoted) throws RepositoryException {
        ByteArrayOutputStream name = new ByteArrayOutputStream(quoted.length());
        try {
            for (int i = 0; i < quoted.length(); ) {
                int c = quoted.codePointAt(i);
                i += Character.charCount(c);
                if (c != '\\') {
                    name.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                    continue;
                }
                char escape = quoted.charAt(i++);
                int digits = escape == 'x' ? 2 : escape == 'u' ? 4 : escape == 'U' ? 8 : 0;
                int value = digits == 0 ? 0 : HexFormat.fromHexDigits(quoted, i, i + digits);
                i += digits;
                if (digits == 2) {
                    name.write(value);
                } else if (digits > 0) {
                    name.writeBytes(Character.toString(value).getBytes(StandardCharsets.UTF_8));
                } else {
                    name.write(ESCAPED.charAt(LETTERS.indexOf(escape)));
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new RepositoryException("A file name in the repository is not readable: " + quoted, e);
        }
        return name.toByteArray();
    }

    private static void append(StringBuilder quoted, int c) {
        int letter = ESCAPED.indexOf(c);
        if (letter >= 0) {
            quoted.append('\\').append(LETTERS.charAt(letter));
        } else if (c < ' ' || c == 0x7f) {
            quoted.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
        } else if (isPrintable(c)) {
            quoted.appendCodePoint(c);
        } else if (c < 0x10000) {
            quoted.append("\\u").append(HexFormat.of().toHexDigits((short) c));
        } else {
            quoted.append("\\U").append(HexFormat.of().toHexDigits(c));
        }
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /** Length of the UTF-8 sequence that starts here by its first byte, 0 if none can. */
    private static int sequenceLength(byte[] bytes, int start) {
        int first = bytes[start] & 0xff;
        int length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        return start + length <= bytes.length ? length : 0;
    }

    private static String decode(byte[] bytes, int start, int length) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        try {
            CharBuffer decoded = decoder.decode(ByteBuffer.wrap(bytes, start, length));
            return decoded.toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
