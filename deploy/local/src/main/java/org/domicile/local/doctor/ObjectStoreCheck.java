package org.domicile.local.doctor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/** What backup-service needs of S3, tried with a few small objects below {@code doctor/}, which are deleted again. */
final class ObjectStoreCheck implements AutoCloseable {
    private static final String PART = "object store";
    private static final String UPGRADE =
            "the store does not offer it: choose or upgrade one that does (docs/providers.md)";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final int PRECONDITION_FAILED = 412;
    private static final int HTTPS = 443;
    /** Times that a check is repeated. */
    private static final int TRIES = 2;

    private static final byte[] CONTENT = "domicile doctor".getBytes(StandardCharsets.UTF_8);
    /** The HTTP client sets these itself. */
    private static final Set<String> OWN = Set.of("host", "content-length");

    private final S3Client s3;
    private final S3Presigner signer;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final Clock clock;
    private final String endpoint;
    private final String bucket;
    private final String folder = "doctor/" + UUID.randomUUID() + "/";
    private final List<Finding> findings = new ArrayList<>();

    ObjectStoreCheck(RegionFile region, Clock clock) {
        this.clock = clock;
        this.bucket = region.text("domicile.backup.bucket").orElse("domicile-backup");
        var where = region.text("quarkus.s3.endpoint-override");
        var aws = region.text("quarkus.s3.aws.region").orElse("us-east-1");
        this.endpoint = where.orElse("https://s3." + aws + ".amazonaws.com");
        var paths = region.text("quarkus.s3.path-style-access")
                .map(Boolean::parseBoolean)
                .orElse(true);
        var options = S3Configuration.builder().pathStyleAccessEnabled(paths).build();
        var client = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(PATIENCE)
                        .socketTimeout(PATIENCE))
                .region(Region.of(aws))
                .credentialsProvider(credentials(region))
                // what is tried again here must not find what it has done itself: see attempt
                .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .serviceConfiguration(options);
        var presigner = S3Presigner.builder()
                .region(Region.of(aws))
                .credentialsProvider(credentials(region))
                .serviceConfiguration(options);
        where.map(URI::create).ifPresent(uri -> {
            client.endpointOverride(uri);
            presigner.endpointOverride(uri);
        });
        this.s3 = client.build();
        this.signer = presigner.build();
    }

    private static AwsCredentialsProvider credentials(RegionFile region) {
        var prefix = "quarkus.s3.aws.credentials.static-provider.";
        var id = region.text(prefix + "access-key-id");
        var secret = region.text(prefix + "secret-access-key");
        return id.isPresent() && secret.isPresent()
                ? StaticCredentialsProvider.create(AwsBasicCredentials.create(id.get(), secret.get()))
                : DefaultCredentialsProvider.builder().build();
    }

    List<Finding> findings() {
        var secure = endpoint.startsWith("https:");
        findings.add(Finding.of(
                PART,
                "TLS",
                secure,
                secure ? "https" : "http",
                "give the store a certificate, and the address https:"));
        if (secure) {
            findings.addAll(certificate(URI.create(endpoint)));
        }
        attempt("bucket", "check address, keys and the bucket's name", () -> {
            s3.headBucket(r -> r.bucket(bucket));
            return Finding.ok(PART, "bucket", bucket);
        });
        if (findings.getLast().verdict() != Finding.Verdict.FAILED) {
            objects();
            attempt("cleaned up", "delete what is below doctor/ in the bucket", () -> {
                deleteAll();
                return Finding.ok(PART, "cleaned up", "nothing is left of the doctor's objects");
            });
        }
        return findings;
    }

    /** As the service does, whose client trusts what its Java trusts. */
    private List<Finding> certificate(URI store) {
        try {
            return new CertificateCheck(PART, SSLContext.getDefault(), clock)
                    .findings(store.getHost(), store.getPort() < 0 ? HTTPS : store.getPort());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void objects() {
        attempt("put", UPGRADE, () -> {
            // what a broken connection may have left
            s3.deleteObject(r -> r.bucket(bucket).key(folder + "a"));
            put("a", CONTENT, CONTENT);
            return Finding.ok(PART, "put", "with length, SHA-256 and If-None-Match");
        });
        attempt("conditional put", UPGRADE, this::overwrite);
        attempt("checksum", UPGRADE, this::wrongContent);
        attempt("presigned put", UPGRADE, this::presigned);
        attempt("no public access", "close the bucket to the public", this::anonymous);
        attempt("range", UPGRADE, () -> {
            var part =
                    s3.getObjectAsBytes(r -> r.bucket(bucket).key(folder + "a").range("bytes=1-3"));
            return Finding.of(
                    PART,
                    "range",
                    Arrays.equals(part.asByteArray(), Arrays.copyOfRange(CONTENT, 1, 4)),
                    part.asByteArray().length + " of 3 bytes",
                    UPGRADE);
        });
        attempt("head, copy", UPGRADE, () -> {
            s3.copyObject(r -> r.sourceBucket(bucket)
                    .sourceKey(folder + "a")
                    .destinationBucket(bucket)
                    .destinationKey(folder + "b")
                    .checksumAlgorithm(ChecksumAlgorithm.SHA256));
            var length = s3.headObject(r -> r.bucket(bucket).key(folder + "b")).contentLength();
            return Finding.of(PART, "head, copy", length == CONTENT.length, length + " bytes", UPGRADE);
        });
        attempt("list by page", UPGRADE, this::list);
        attempt("delete by batch", UPGRADE, this::delete);
        attempt("no versions", "switch versioning off: what is deleted must be gone", this::versions);
        attempt("clock", "check the address", this::date);
    }

    private void put(String name, byte[] told, byte[] sent) {
        s3.putObject(
                r -> r.bucket(bucket)
                        .key(folder + name)
                        .contentLength((long) sent.length)
                        .checksumSHA256(sha256(told))
                        .ifNoneMatch("*"),
                RequestBody.fromBytes(sent));
    }

    private Finding overwrite() {
        try {
            put("a", CONTENT, CONTENT);
            return Finding.failed(PART, "conditional put", "an object was overwritten", UPGRADE);
        } catch (S3Exception e) {
            return Finding.of(
                    PART,
                    "conditional put",
                    e.statusCode() == PRECONDITION_FAILED,
                    "the second one was answered " + e.statusCode(),
                    UPGRADE);
        }
    }

    private Finding wrongContent() {
        try {
            put("wrong", "something else".getBytes(StandardCharsets.UTF_8), CONTENT);
            return Finding.failed(PART, "checksum", "content with another SHA-256 was taken", UPGRADE);
        } catch (S3Exception e) {
            return Finding.of(
                    PART,
                    "checksum",
                    e.statusCode() / 100 == 4,
                    "a wrong SHA-256 was answered " + e.statusCode(),
                    UPGRADE);
        }
    }

    private Finding presigned() throws IOException, InterruptedException {
        var signed = signer.presignPutObject(r -> r.signatureDuration(LIFETIME).putObjectRequest(p -> p.bucket(bucket)
                .key(folder + "p")
                .contentLength((long) CONTENT.length)
                .checksumSHA256(sha256(CONTENT))
                .ifNoneMatch("*")));
        var longer = send(signed, Arrays.copyOf(CONTENT, CONTENT.length + 1));
        var exact = send(signed, CONTENT);
        return Finding.of(
                PART,
                "presigned put",
                exact == 200 && longer / 100 == 4,
                "answered " + exact + "; of another length " + longer,
                UPGRADE);
    }

    private int send(PresignedPutObjectRequest signed, byte[] body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(signed.url().toString()))
                .timeout(PATIENCE)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(body));
        signed.signedHeaders().forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                request.header(name, String.join(",", values));
            }
        });
        return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private Finding list() {
        var seen = 0;
        String token = null;
        do {
            var from = token;
            var page = s3.listObjectsV2(
                    r -> r.bucket(bucket).prefix(folder).maxKeys(1).continuationToken(from));
            seen += page.contents().size();
            token = page.nextContinuationToken();
        } while (token != null && seen < 10);
        return Finding.of(PART, "list by page", seen == 3, seen + " of 3 objects, one a page", UPGRADE);
    }

    private Finding delete() {
        deleteAll();
        var left = s3.listObjectsV2(r -> r.bucket(bucket).prefix(folder))
                .contents()
                .size();
        return Finding.of(
                PART,
                "delete by batch",
                left == 0,
                "a list after it shows " + left,
                "lists must be consistent: " + UPGRADE);
    }

    private Finding anonymous() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(s3.utilities()
                        .getUrl(r -> r.bucket(bucket).key(folder + "a"))
                        .toString()))
                .timeout(PATIENCE)
                .build();
        var status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        return Finding.of(
                PART,
                "no public access",
                status == 401 || status == 403,
                "without keys answered " + status,
                "close the bucket to the public");
    }

    /** A store that does not know the question has no versions. */
    private Finding versions() {
        try {
            var status = s3.getBucketVersioning(r -> r.bucket(bucket)).status();
            return Finding.of(
                    PART,
                    "no versions",
                    status != BucketVersioningStatus.ENABLED,
                    "versioning is " + (status == null ? "off" : status),
                    "switch versioning off: what is deleted must be gone");
        } catch (S3Exception e) {
            if (e.statusCode() == 501) {
                return Finding.ok(PART, "no versions", "the store has none");
            }
            throw e;
        }
    }

    private Finding date() throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(endpoint)).timeout(PATIENCE).build();
        var before = clock.instant();
        var answer = http.send(request, HttpResponse.BodyHandlers.discarding());
        var after = clock.instant();
        var read = answer.headers().firstValue("date").map(text -> ZonedDateTime.parse(
                        text, DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant());
        return read.map(at -> Skew.of(PART, before, at, at.plusSeconds(1), after))
                .orElse(Finding.failed(PART, "clock", "the store tells no time", "check its clock by hand"));
    }

    private void deleteAll() {
        var objects = s3.listObjectsV2(r -> r.bucket(bucket).prefix(folder)).contents().stream()
                .map(object -> ObjectIdentifier.builder().key(object.key()).build())
                .toList();
        if (!objects.isEmpty()) {
            s3.deleteObjects(r -> r.bucket(bucket).delete(d -> d.objects(objects)));
        }
    }

    /** A connection that breaks says nothing of the store, and a check may be repeated. */
    private void attempt(String check, String remedy, Attempt attempt) {
        for (int broken = 0; ; broken++) {
            try {
                findings.add(attempt.run());
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            } catch (SdkException | IOException e) {
                if (broken == TRIES || !(e instanceof SdkClientException || e instanceof IOException)) {
                    findings.add(Finding.failed(PART, check, said(e), remedy));
                    return;
                }
            }
        }
    }

    private static String said(Exception failure) {
        return failure instanceof S3Exception s3
                ? "answered " + s3.statusCode()
                        + (s3.awsErrorDetails() == null
                                ? ""
                                : " " + s3.awsErrorDetails().errorCode())
                : String.valueOf(failure.getMessage());
    }

    private static String sha256(byte[] content) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        signer.close();
        s3.close();
    }

    private interface Attempt {
        Finding run() throws IOException, InterruptedException;
    }
}
