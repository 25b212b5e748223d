package org.domicile.backup.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/** Speaks the restic REST protocol by hand, also in ways that no good client would. */
public final class ResticHttp {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI base;
    private final String authorization;

    public ResticHttp(URI base, String authorization) {
        this.base = base;
        this.authorization = authorization;
    }

    public HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers) {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", authorization)
                .method(method, body == null ? BodyPublishers.noBody() : stream(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Unlike {@code ofByteArray}, which copies the whole body at once. */
    private static BodyPublisher stream(byte[] body) {
        return body.length == 0
                ? BodyPublishers.ofByteArray(body)
                : BodyPublishers.fromPublisher(
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)), body.length);
    }

    public int status(String method, String path, byte[] body, String... headers) {
        return send(method, path, body, headers).statusCode();
    }

    /** Declares a length, sends another number of bytes, half-closes, and reads what comes back. */
    public String cutOff(String path, long declared, byte[] body) {
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            var out = socket.getOutputStream();
            out.write(("POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + authorization
                            + "\r\nContent-Length: " + declared + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Begins an upload over a connection of its own, in as many steps as the test likes. */
    public OpenUpload begin(String path, long declared) {
        return open("POST " + path, "Content-Length: " + declared);
    }

    /**
     * Sends the head of a request and no body yet.
     *
     * @param request method and path
     * @param headers whole lines
     */
    public OpenUpload open(String request, String... headers) {
        return new OpenUpload(base, authorization, request, headers);
    }

    public static byte[] random(int size) {
        var bytes = new byte[size];
        new Random().nextBytes(bytes);
        return bytes;
    }

    public static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
