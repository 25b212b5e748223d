package org.domicile.checks.terraform;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openrewrite.Cursor;
import org.openrewrite.hcl.HclParser;
import org.openrewrite.hcl.tree.BodyContent;
import org.openrewrite.hcl.tree.Hcl;

/**
 * A block of Terraform's files: {@code resource "aws_vpc" "region" { … }}.
 *
 * @param labels without quotes
 * @param values of its attributes as they are written, white space made one blank, strings without quotes
 */
record Block(String type, List<String> labels, Map<String, String> values, List<Block> blocks) {
    /**
     * The blocks of all files.
     *
     * @throws IllegalArgumentException if one cannot be parsed
     */
    static List<Block> parse(Stream<String> files) {
        return HclParser.builder()
                .build()
                .parse(files.toArray(String[]::new))
                .flatMap(file -> {
                    if (!(file instanceof Hcl.ConfigFile parsed)) {
                        throw new IllegalArgumentException("cannot be parsed: " + file.printAll());
                    }
                    return inner(parsed.getBody(), new Cursor(new Cursor(null, Cursor.ROOT_VALUE), parsed)).stream();
                })
                .toList();
    }

    /** A value by its path, {@code viewer_certificate.ssl_support_method}; empty if it is not set, or if a step is there twice. */
    String get(String path) {
        var dot = path.indexOf('.');
        if (dot < 0) {
            return values.getOrDefault(path, "");
        }
        var inner = all(path.substring(0, dot));
        return inner.size() == 1 ? inner.getFirst().get(path.substring(dot + 1)) : "";
    }

    List<Block> all(String type) {
        return blocks.stream().filter(b -> b.type.equals(type)).toList();
    }

    private static List<Block> inner(List<BodyContent> body, Cursor cursor) {
        var blocks = new ArrayList<Block>();
        for (var content : body) {
            if (content instanceof Hcl.Block block) {
                blocks.add(of(block, cursor));
            }
        }
        return List.copyOf(blocks);
    }

    private static Block of(Hcl.Block block, Cursor cursor) {
        var values = new LinkedHashMap<String, String>();
        for (var content : block.getBody()) {
            if (content instanceof Hcl.Attribute attribute) {
                values.put(attribute.getSimpleName(), text(attribute.getValue(), cursor));
            }
        }
        return new Block(
                block.getType().getName(),
                block.getLabels().stream().map(label -> text(label, cursor)).toList(),
                values,
                inner(block.getBody(), cursor));
    }

    private static String text(Hcl written, Cursor cursor) {
        var text = written.printTrimmed(cursor).replaceAll("\\s+", " ").strip();
        return text.matches("\"[^\"]*\"") ? text.substring(1, text.length() - 1) : text;
    }
}
