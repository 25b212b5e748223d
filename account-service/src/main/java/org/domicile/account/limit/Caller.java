package org.domicile.account.limit;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.regex.Pattern;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * Who asks without a sign-in.
 *
 * @param address network address
 * @param device a random number that the SDK makes at its start and forgets after a day at most, in {@value #HEADER}: it tells devices behind one
 *     address apart for the limits, in memory, and is nothing to know anybody by; empty from other clients
 */
public record Caller(String address, Optional<String> device) {
    /** The field's name. */
    public static final String HEADER = "Domicile-Device-Number";

    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{16,64}");

    /** @throws ProblemException INVALID_REQUEST for a number that is none */
    public static Caller of(HttpServerRequest request) {
        var number = Optional.ofNullable(request.getHeader(HEADER));
        if (number.isPresent() && !SHAPE.matcher(number.get()).matches()) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST,
                    "Correct the field " + HEADER + ": 16 to 64 letters, digits, _ and -, random; or leave it out.");
        }
        return new Caller(request.remoteAddress().hostAddress(), number);
    }

    @Override
    public String toString() {
        return "Caller[redacted]";
    }
}
