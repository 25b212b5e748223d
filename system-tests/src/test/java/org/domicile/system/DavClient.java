package org.domicile.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.Set;
import org.domicile.local.demo.Person;

/** A person's WebDAV files at one address. Bodies are sent without a length, as Seedvault does. */
final class DavClient {
    private static final long CONSENT_NANOS = 20_000_000_000L;

    /** The device, or the consent. */
    private static final Set<Integer> UNKNOWN = Set.of(401, 403);

    private final Person person;
    private final String origin;

    DavClient(Person person, String origin) {
        this.person = person;
        this.origin = origin;
    }

    /** A device and a consent of a moment ago are waited for until the service knows them. */
    void awaitConsent() throws IOException, InterruptedException {
        var until = System.nanoTime() + CONSENT_NANOS;
        while (UNKNOWN.contains(status("MKCOL", "consent"))) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("the backup service does not learn of the consent");
            }
            Thread.onSpinWait();
        }
    }

    int status(String method, String path) throws IOException, InterruptedException {
        return send(method, path, BodyPublishers.noBody()).statusCode();
    }

    int put(String path, byte[] content) throws IOException, InterruptedException {
        return send("PUT", path, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content)))
                .statusCode();
    }

    byte[] get(String path) throws IOException, InterruptedException {
        var answer = send("GET", path, BodyPublishers.noBody());
        if (answer.statusCode() != 200) {
            throw new IOException("GET " + path + " was answered " + answer.statusCode());
        }
        return answer.body();
    }

    /** The XML of all there is. */
    String list() throws IOException, InterruptedException {
        return new String(send("PROPFIND", "", BodyPublishers.noBody()).body(), UTF_8);
    }

    private HttpResponse<byte[]> send(String method, String path, BodyPublisher body)
            throws IOException, InterruptedException {
        var device = person.device();
        var login = device.id() + ":" + device.secret().reveal();
        var request = HttpRequest.newBuilder(URI.create(
                        origin + "/dav/" + URLEncoder.encode(path, UTF_8).replace("%2F", "/")))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8)))
                .method(method, body)
                .build();
        return person.client().http().client().send(request, BodyHandlers.ofByteArray());
    }
}
