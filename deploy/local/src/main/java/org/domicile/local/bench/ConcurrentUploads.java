package org.domicile.local.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.domicile.local.LocalFailure;

/** Uploads many blobs at once, each made up while it is sent. */
final class ConcurrentUploads {
    static final int SIZE = 16 << 20;

    private final HttpClient http;
    private final URI repository;
    private final String authorization;

    /** @param repository with a slash at its end */
    ConcurrentUploads(HttpClient http, URI repository, String authorization) {
        this.http = http;
        this.repository = repository;
        this.authorization = authorization;
    }

    /** @return seconds until the last one was answered */
    double run(int count) {
        var names = IntStream.range(0, count).mapToObj(ConcurrentUploads::name).toList();
        var begin = System.nanoTime();
        var sent =
                IntStream.range(0, count).mapToObj(i -> upload(i, names.get(i))).toList();
        sent.forEach(CompletableFuture::join);
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Reads back what {@link #run} sent. @return seconds until the last one was whole */
    double fetch(int count) {
        var names = IntStream.range(0, count).mapToObj(ConcurrentUploads::name).toList();
        var begin = System.nanoTime();
        var read = names.stream().map(this::download).toList();
        read.forEach(CompletableFuture::join);
        return (System.nanoTime() - begin) / 1e9;
    }

    private CompletableFuture<Void> download(String name) {
        var request = HttpRequest.newBuilder(repository.resolve("data/" + name))
                .header("Authorization", authorization)
                .build();
        return http.sendAsync(request, BodyHandlers.ofByteArray()).thenAccept(answer -> {
            if (answer.statusCode() != 200 || answer.body().length != SIZE) {
                throw new LocalFailure(
                        "A download was answered " + answer.statusCode() + " with " + answer.body().length + " bytes.");
            }
        });
    }

    private CompletableFuture<Void> upload(int seed, String name) {
        var body = BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> new Made(seed)), SIZE);
        var request = HttpRequest.newBuilder(repository.resolve("data/" + name))
                .header("Authorization", authorization)
                .POST(body)
                .build();
        return http.sendAsync(request, BodyHandlers.ofString()).thenAccept(answer -> {
            if (answer.statusCode() != 200) {
                throw new LocalFailure("An upload was answered " + answer.statusCode() + ": " + answer.body());
            }
        });
    }

    private static String name(int seed) {
        try (var content = new Made(seed)) {
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[1 << 16];
            for (int count = content.read(buffer, 0, buffer.length);
                    count > 0;
                    count = content.read(buffer, 0, buffer.length)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** 16 MiB that do not compress, from a seed. */
    private static final class Made extends InputStream {
        private final SplittableRandom random;
        private int left = SIZE;

        Made(int seed) {
            this.random = new SplittableRandom(seed);
        }

        @Override
        public int read() {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        /** In whole multiples of 8 bytes, so that the content does not depend on how it is read. */
        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            int count = Math.min(length, left) & ~7;
            if (count == 0) {
                throw new IllegalStateException("read at least 8 bytes");
            }
            for (int i = 0; i < count; i += 8) {
                long next = random.nextLong();
                for (int b = 0; b < 8; b++) {
                    bytes[offset + i + b] = (byte) (next >>> (8 * b));
                }
            }
            left -= count;
            return count;
        }
    }
}
