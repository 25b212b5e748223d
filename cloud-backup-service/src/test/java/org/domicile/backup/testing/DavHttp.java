package org.domicile.backup.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Speaks WebDAV by hand, also in ways that no good client would. */
public final class DavHttp {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI base;
    private final String authorization;

    public DavHttp(URI base, String authorization) {
        this.base = base;
        this.authorization = authorization;
    }

    /** @param path below {@code /dav/} */
    public HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers) {
        return exchange(
                method, path, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body), headers);
    }

    /** Sends a body whose length is not said. */
    public HttpResponse<byte[]> chunked(String path, byte[] body, String... headers) {
        return exchange("PUT", path, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)), headers);
    }

    public int status(String method, String path, byte[] body, String... headers) {
        return send(method, path, body, headers).statusCode();
    }

    public int put(String path, byte[] body) {
        return status("PUT", path, body);
    }

    /** Begins a PUT over a connection of its own, in as many steps as the test likes. */
    public OpenUpload begin(String path, long declared) {
        return new OpenUpload(base, authorization, "PUT /dav/" + path, "Content-Length: " + declared);
    }

    public byte[] get(String path) {
        return send("GET", path, null).body();
    }

    /** @return the answer's XML */
    public String find(String path, String depth, String... properties) {
        var body = properties.length == 0
                ? null
                : ("<?xml version=\"1.0\"?><propfind xmlns=\"DAV:\"><prop><" + String.join("/><", properties)
                                + "/></prop></propfind>")
                        .getBytes(StandardCharsets.UTF_8);
        var answer = send("PROPFIND", path, body, "Depth", depth);
        return answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** The absolute URI of a path below {@code /dav/}, as a Destination wants it. */
    public String address(String path) {
        return base.resolve("/dav/" + path).toString();
    }

    /** Sends a head and bytes as they are, closes its half of the connection, and reads what comes back. */
    public String raw(String method, String path, String headers, byte[] bytes) {
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            var out = new ByteArrayOutputStream();
            out.writeBytes((method + " /dav/" + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + authorization
                            + "\r\n" + headers + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(bytes);
            socket.getOutputStream().write(out.toByteArray());
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private HttpResponse<byte[]> exchange(
            String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        var request = HttpRequest.newBuilder(base.resolve("/dav/" + path))
                .header("Authorization", authorization)
                .method(method, body);
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
}
