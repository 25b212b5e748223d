package org.domicile.migration.move;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.domicile.platform.fence.ClassDigest;

/**
 * A class of data that is not the same at both ends.
 *
 * @param source what was sealed; null = the source has no such class
 * @param target what the target had when it was closed; null = it has no such class
 * @param says the difference in one sentence
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Difference(String service, String dataClass, ClassDigest source, ClassDigest target, String says) {
    static Difference of(String service, String dataClass, ClassDigest source, ClassDigest target) {
        return new Difference(service, dataClass, source, target, sentence(source, target));
    }

    private static String sentence(ClassDigest source, ClassDigest target) {
        if (source == null || target == null) {
            return "Only the " + (source == null ? "target" : "source")
                    + " knows this class of data: their versions differ.";
        }
        var more = target.count() - source.count();
        if (more == 0) {
            return "Both have " + source.count() + " records, but at least one has another content or version.";
        }
        return "The source sealed " + source.count() + " records, the target has " + target.count() + ": "
                + Math.abs(more) + (more < 0 ? " too few." : " too many.");
    }
}
