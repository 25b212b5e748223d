package org.domicile.platform.kms;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Computes again what a caller should have signed (AWS Signature Version 4, header form). */
record SigV4(String accessKey, String secret, String region, String service) {
    private static final Pattern AUTHORIZATION = Pattern.compile("AWS4-HMAC-SHA256 Credential=(\\S+?)/(\\d{8})/([^/]+)/"
            + "([^/]+)/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})");

    boolean signed(HttpServerRequest request, Buffer body) {
        var header = AUTHORIZATION.matcher(String.valueOf(request.getHeader("Authorization")));
        if (!header.matches()
                || !header.group(1).equals(accessKey)
                || !header.group(3).equals(region)
                || !header.group(4).equals(service)) {
            return false;
        }
        var signedHeaders = header.group(5);
        var canonicalHeaders = Arrays.stream(signedHeaders.split(";"))
                .map(name -> name + ":" + request.getHeader(name).strip() + "\n")
                .collect(Collectors.joining());
        var canonical = "POST\n/\n\n" + canonicalHeaders + "\n" + signedHeaders + "\n" + sha256(body.getBytes());
        var scope = header.group(2) + "/" + region + "/" + service + "/aws4_request";
        var toSign = "AWS4-HMAC-SHA256\n" + request.getHeader("X-Amz-Date") + "\n" + scope + "\n"
                + sha256(canonical.getBytes(UTF_8));
        var key = ("AWS4" + secret).getBytes(UTF_8);
        for (var part : new String[] {header.group(2), region, service, "aws4_request"}) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, toSign)).equals(header.group(6))
                && Arrays.asList(signedHeaders.split(";"))
                        .containsAll(java.util.List.of("host", "x-amz-date", "x-amz-target"));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
