package org.domicile.client.restic;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import org.domicile.client.http.Http;
import org.domicile.client.http.ProblemException;

/**
 * A repository behind restic's REST protocol, version 2. The service checks that content and name agree, so an upload that was
 * cut off can be repeated safely.
 */
public final class RestBackend implements Backend {
    private static final String V2 = "application/vnd.x.restic.rest.v2";

    private final Http http;
    private final URI base;
    private final String authorization;
    private final Bandwidth upload;
    private final Bandwidth download;

    /**
     * @param base the repository's address, ending in a slash
     * @param user the device id
     * @param secret the device's secret
     */
    public RestBackend(Http http, URI base, String user, String secret) {
        this(http, base, user, secret, Bandwidth.unlimited(), Bandwidth.unlimited());
    }

    /** With limits for what all transfers together may take. */
    public RestBackend(Http http, URI base, String user, String secret, Bandwidth upload, Bandwidth download) {
        this.upload = upload;
        this.download = download;
        this.http = http;
        this.base = base;
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void create() throws IOException {
        http.send(
                request(base.resolve("?create=true"))
                        .POST(BodyPublishers.noBody())
                        .build(),
                true);
    }

    @Override
    public void save(FileType type, String name, List<byte[]> content) throws IOException {
        long size = content.stream().mapToLong(part -> part.length).sum();
        BodyPublisher body =
                BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> upload.limit(stream(content))), size);
        http.send(
                request(uri(type, name))
                        .header("Content-Type", "application/octet-stream")
                        .POST(body)
                        .build(),
                true);
    }

    static InputStream stream(List<byte[]> content) {
        Iterator<byte[]> parts = content.iterator();
        return new SequenceInputStream(new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return parts.hasNext();
            }

            @Override
            public InputStream nextElement() {
                return new ByteArrayInputStream(parts.next());
            }
        });
    }

    @Override
    public byte[] load(FileType type, String name, long offset, int length) throws IOException {
        String range = "bytes=" + offset + "-" + (offset + length - 1);
        HttpResponse<byte[]> response =
                found(request(uri(type, name)).header("Range", range).GET().build(), type, name);
        if (response.statusCode() != 206 || response.body().length != length) {
            throw new EOFException("The file " + type.folder() + "/" + name + " in the repository is cut short");
        }
        return response.body();
    }

    @Override
    public byte[] load(FileType type, String name) throws IOException {
        HttpResponse<byte[]> response = found(request(uri(type, name)).GET().build(), type, name);
        return response.body();
    }

    @Override
    public boolean exists(FileType type, String name) throws IOException {
        try {
            found(
                    request(uri(type, name))
                            .method("HEAD", BodyPublishers.noBody())
                            .build(),
                    type,
                    name);
            return true;
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    @Override
    public List<Entry> list(FileType type) throws IOException {
        URI uri = base.resolve(type.folder() + "/");
        HttpResponse<byte[]> response =
                http.send(request(uri).header("Accept", V2).GET().build());
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : Json.parse(response.body())) {
            entries.add(
                    new Entry(entry.path("name").asText(), entry.path("size").asLong()));
        }
        return entries;
    }

    @Override
    public void remove(FileType type, String name) throws IOException {
        try {
            found(request(uri(type, name)).DELETE().build(), type, name);
        } catch (FileNotFoundException e) {
            // It is gone, which is what was wanted.
        }
    }

    private HttpResponse<byte[]> found(HttpRequest request, FileType type, String name) throws IOException {
        try {
            return http.send(request, true, PacedBody.handler(download));
        } catch (ProblemException e) {
            if (e.status() == 404) {
                FileNotFoundException missing =
                        new FileNotFoundException("The repository has no " + type.folder() + " " + name);
                missing.initCause(e);
                throw missing;
            }
            throw e;
        }
    }

    private HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).header("Authorization", authorization);
    }

    private URI uri(FileType type, String name) {
        return base.resolve(type == FileType.CONFIG ? type.folder() : type.folder() + "/" + name);
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
