package org.domicile.system;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Personal values that a test gives to the product, and the look for them in all that it has written: as they are, in hexadecimal, and
 * in base64 wherever they may begin in it. Bytes of files, so that nothing depends on what a server shows of itself.
 */
final class Planted {
    /** What is outside the product: servers as they were unpacked, and the phones and mailboxes that codes are sent to. */
    private static final Set<String> OUTSIDE = Set.of("dist", "codes");

    private static final int CHUNK = 1 << 20;

    private final List<byte[]> marks = new ArrayList<>();
    /** By their first two bytes, as almost no place of a file begins like one of them. */
    private final boolean[] beginnings = new boolean[1 << Short.SIZE];

    private final int longest;

    Planted(String... values) {
        for (var value : values) {
            var bytes = value.getBytes(StandardCharsets.UTF_8);
            marks.add(bytes);
            marks.add(ascii(HexFormat.of().formatHex(bytes)));
            marks.add(ascii(HexFormat.of().withUpperCase().formatHex(bytes)));
            for (int shift = 0; shift < 3; shift++) {
                var text = base64(bytes, shift);
                marks.add(ascii(text));
                marks.add(ascii(text.replace('+', '-').replace('/', '_')));
            }
        }
        marks.forEach(mark -> beginnings[beginning(mark, 0)] = true);
        longest = marks.stream().mapToInt(mark -> mark.length).max().orElseThrow();
    }

    /** The characters that the bytes alone decide when so many others come before them. */
    private static String base64(byte[] bytes, int shift) {
        var shifted = new byte[shift + bytes.length];
        System.arraycopy(bytes, 0, shifted, shift, bytes.length);
        var text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        return text.substring((shift * 8 + 5) / 6, shifted.length * 8 / 6);
    }

    /** The files below a folder, by their names and their content, that have any of the values. */
    Set<String> in(Path folder) throws IOException {
        var found = new TreeSet<String>();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var name = folder.relativize(file);
                if (!OUTSIDE.contains(name.getName(0).toString()) && (holds(ascii(name.toString())) || holds(file))) {
                    found.add(name.toString());
                }
            }
        }
        return found;
    }

    /** Whether the search finds what it looks for; a search that cannot find proves nothing. */
    boolean holds(byte[] content) {
        return find(content, content.length);
    }

    /** Servers write and delete meanwhile. */
    private boolean holds(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return holds(in);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private boolean holds(InputStream in) throws IOException {
        var buffer = new byte[CHUNK + longest];
        int kept = 0;
        for (int read = in.read(buffer, 0, CHUNK); read > 0; read = in.read(buffer, kept, CHUNK)) {
            var length = kept + read;
            if (find(buffer, length)) {
                return true;
            }
            kept = Math.min(longest - 1, length);
            System.arraycopy(buffer, length - kept, buffer, 0, kept);
        }
        return false;
    }

    private boolean find(byte[] content, int length) {
        for (int at = 0; at < length - 1; at++) {
            if (beginnings[beginning(content, at)] && isAt(content, at, length)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAt(byte[] content, int at, int length) {
        return marks.stream()
                .anyMatch(mark -> at + mark.length <= length
                        && Arrays.equals(content, at, at + mark.length, mark, 0, mark.length));
    }

    private static int beginning(byte[] content, int at) {
        return (content[at] & 0xFF) << Byte.SIZE | content[at + 1] & 0xFF;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
