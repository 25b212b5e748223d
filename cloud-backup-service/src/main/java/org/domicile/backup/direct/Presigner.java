package org.domicile.backup.direct;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.domicile.backup.BackupConfig;
import software.amazon.awssdk.awscore.presigner.PresignedRequest;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Signs URLs for one object each; nothing is asked of the store. */
@ApplicationScoped
public class Presigner {
    /** A client's HTTP library sets these itself, to the same values. */
    private static final Set<String> OWN = Set.of("host", "content-length");

    private final S3Presigner signer;
    private final String bucket;
    private final DirectConfig config;

    @Inject
    public Presigner(S3AsyncClient s3, BackupConfig backup, DirectConfig config) {
        var client = s3.serviceClientConfiguration();
        var builder = S3Presigner.builder()
                .region(client.region())
                .credentialsProvider(client.credentialsProvider())
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build());
        config.endpoint().or(client::endpointOverride).ifPresent(builder::endpointOverride);
        this.signer = builder.build();
        this.bucket = backup.bucket();
        this.config = config;
    }

    Presigner() {
        this.signer = null;
        this.bucket = null;
        this.config = null;
    }

    @PreDestroy
    void close() {
        signer.close();
    }

    /** A PUT of exactly this content to a key where nothing is yet. */
    DirectUrl put(UUID upload, String key, long size, String sha256) {
        var checksum = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256));
        var signed = signer.presignPutObject(
                r -> r.signatureDuration(config.lifetime()).putObjectRequest(p -> p.bucket(bucket)
                        .key(key)
                        .contentLength(size)
                        .checksumSHA256(checksum)
                        .ifNoneMatch("*")));
        return url(upload, "PUT", signed, size);
    }

    DirectUrl get(String key, long size) {
        var signed = signer.presignGetObject(r -> r.signatureDuration(config.lifetime())
                .getObjectRequest(g -> g.bucket(bucket).key(key)));
        return url(null, "GET", signed, size);
    }

    private static DirectUrl url(UUID upload, String method, PresignedRequest signed, long size) {
        Map<String, String> headers = signed.signedHeaders().entrySet().stream()
                .filter(header -> !OWN.contains(header.getKey().toLowerCase(Locale.ROOT)))
                .collect(Collectors.toMap(Map.Entry::getKey, header -> first(header.getValue())));
        Instant expires = signed.expiration();
        return new DirectUrl(upload, method, signed.url().toString(), headers, size, expires);
    }

    private static String first(List<String> values) {
        return String.join(",", values);
    }
}
