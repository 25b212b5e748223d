package org.domicile.client.restic;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * File names as the bytes that the file system holds. Going through {@code file:} addresses keeps every name, whatever the
 * process's locale: under {@code LANG=C} Java cannot otherwise name a file in Chinese.
 */
final class RawPath {
    private RawPath() {}

    /** The bytes of the last element. */
    static byte[] name(Path path) {
        String text = path.getFileName().toString();
        if (isPlain(text)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        String raw = path.toUri().getRawPath();
        int end = raw.endsWith("/") ? raw.length() - 1 : raw.length();
        return decode(raw.substring(raw.lastIndexOf('/', end - 1) + 1, end));
    }

    static Path child(Path folder, byte[] name) {
        String text = new String(name, StandardCharsets.ISO_8859_1);
        if (isPlain(text)) {
            return folder.resolve(text);
        }
        String parent = folder.toUri().getRawPath();
        return Path.of(URI.create("file://" + parent + (parent.endsWith("/") ? "" : "/") + encode(name)));
    }

    /** The bytes of a link's target, absolute or relative. */
    static byte[] target(Path target) {
        String text = target.toString();
        if (isPlain(text)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String separator = target.isAbsolute() ? "/" : "";
        for (Path element : target) {
            bytes.writeBytes(separator.getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(name(element));
            separator = "/";
        }
        return bytes.toByteArray();
    }

    static Path target(byte[] target) {
        String text = new String(target, StandardCharsets.ISO_8859_1);
        if (isPlain(text)) {
            return Path.of(text);
        }
        boolean absolute = target[0] == '/';
        Path rooted = Path.of(URI.create("file://" + (absolute ? "" : "/") + encode(target)));
        return absolute ? rooted : rooted.subpath(0, rooted.getNameCount());
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c > 0 && c < 0x7f);
    }

    private static String encode(byte[] bytes) {
        StringBuilder encoded = new StringBuilder(3 * bytes.length);
        for (byte b : bytes) {
            if (b == '/') {
                encoded.append('/');
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    private static byte[] decode(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                bytes.write(HexFormat.fromHexDigits(encoded, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }
}
