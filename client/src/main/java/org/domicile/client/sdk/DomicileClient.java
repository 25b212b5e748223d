package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.domicile.client.http.Http;
import org.domicile.client.http.ProblemException;
import org.domicile.client.http.RetryPolicy;
import org.domicile.client.http.TrustedCertificates;

/**
 * The way into Domicile: what needs no sign-in, and sign-in itself. Everything an owner does after that is in {@link Account},
 * messages are in {@link Messenger}.
 */
public final class DomicileClient {
    private static final int MISDIRECTED = 421;

    private final Http http;
    private final RegionList regions;
    private final Clock clock;
    private final TokenIssuer issuer;
    private final DeviceNumber device = new DeviceNumber(new SecureRandom());

    public DomicileClient(Http http, RegionList regions, Clock clock) {
        this.http = http;
        this.regions = regions;
        this.clock = clock;
        this.issuer = new TokenIssuer(http, clock);
    }

    /** Starts from the description of a local stack. */
    public static DomicileClient of(Stack stack) throws IOException {
        Http http = Http.trusting(TrustedCertificates.fromPem(stack.ca()), RetryPolicy.STANDARD);
        return new DomicileClient(http, stack.regions(), Clock.systemUTC());
    }

    /** Starts from any region's account service. */
    public static DomicileClient of(URI accountService, Path certificateAuthority) throws IOException {
        Http http = Http.trusting(TrustedCertificates.fromPem(certificateAuthority), RetryPolicy.STANDARD);
        return new DomicileClient(http, RegionList.fetch(http, accountService), Clock.systemUTC());
    }

    /** @param id to confirm with the one-time code, at the same region */
    public record Registration(String id, Region region) {}

    /** An account that is open now. */
    public record Opened(String accountId, Region home) {}

    /** Registrations by their ids, for who was only told an id: a guardian. */
    public Registration registration(String id, Region region) {
        return new Registration(id, region);
    }

    /**
     * Asks for an account; a one-time code goes to the identifier. Follows the market's home region. The answer is the same when
     * the identifier has an account already.
     */
    public Registration signUp(SignUp request) throws IOException {
        ObjectNode body = identified(request.market(), request.identifier());
        body.put("password", request.password().reveal());
        putIfPresent(body, "displayName", request.displayName());
        putIfPresent(body, "ageBand", request.ageBand());
        putIfPresent(body, "guardian", request.guardian());
        Region region = discover(request.market(), request.identifier());
        try {
            return register(region, body);
        } catch (ProblemException e) {
            if (e.status() != MISDIRECTED || e.homeRegion().isEmpty()) {
                throw e;
            }
            return register(regions.get(e.homeRegion().get()), body);
        }
    }

    private Registration register(Region region, ObjectNode body) throws IOException {
        JsonNode json = post(region.uri(Service.ACCOUNT, "/v1/accounts"), body);
        return new Registration(json.path("registrationId").asText(), region);
    }

    /**
     * Gives a code that came: the person's, or the guardian's.
     *
     * @return the account that is open now; empty while the other's code is missing
     */
    public Optional<Opened> give(Registration registration, String code) throws IOException {
        URI uri = registration.region().uri(Service.ACCOUNT, "/v1/accounts/" + registration.id() + "/confirm");
        JsonNode json = post(uri, Json.object().put("code", code));
        if (!json.hasNonNull("accountId")) {
            return Optional.empty();
        }
        String home = json.path("homeRegion").asText(registration.region().id());
        return Optional.of(new Opened(json.path("accountId").asText(), regions.get(home)));
    }

    /** As {@link #give}, where there is no guardian to wait for. @throws IOException if there is */
    public Opened confirm(Registration registration, String code) throws IOException {
        return give(registration, code)
                .orElseThrow(() -> new IOException("The account opens when the guardian has confirmed too"));
    }

    /** Sends new codes to whoever has not confirmed yet. */
    public void sendAgain(Registration registration) throws IOException {
        post(registration.region().uri(Service.ACCOUNT, "/v1/accounts/" + registration.id() + "/codes"), Json.object());
    }

    /** @param id to give with the one-time code, at the same region */
    public record PasswordReset(String id, Region region) {}

    /** Asks for a new password where the account lives; a code goes to the identifier, whether an account has it or not. */
    public PasswordReset resetPassword(String market, Identifier identifier) throws IOException {
        Region home = discover(market, identifier);
        JsonNode json = post(home.uri(Service.ACCOUNT, "/v1/password-resets"), identified(market, identifier));
        return new PasswordReset(json.path("resetId").asText(), home);
    }

    /** Gives the code that came and the new password; all sessions end. @return the account's id */
    public String setPassword(PasswordReset reset, String code, Secret password) throws IOException {
        ObjectNode body = Json.object().put("code", code).put("password", password.reveal());
        return post(reset.region().uri(Service.ACCOUNT, "/v1/password-resets/" + reset.id()), body)
                .path("accountId")
                .asText();
    }

    /**
     * A guardian agrees to what they were sent a code for.
     *
     * @param reference as it came with the code: {@code ACCOUNT/CONFIRMATION}
     */
    public JsonNode confirmAsGuardian(String reference, String code) throws IOException {
        String[] parts = reference.split("/", 2);
        return guardian(parts[0], "/confirmations/" + parts[1], Json.object().put("code", code));
    }

    /** A guardian wants a feature off: they are sent a code to confirm it with. @return with {@code confirmationId} */
    public JsonNode withdrawAsGuardian(String accountId, String feature) throws IOException {
        return guardian(accountId, "/withdrawals", Json.object().put("feature", feature));
    }

    private JsonNode guardian(String accountId, String path, ObjectNode body) throws IOException {
        String address = "/v1/guardians/" + accountId + path;
        try {
            return post(regions.any().uri(Service.ACCOUNT, address), body);
        } catch (ProblemException e) {
            if (e.status() != MISDIRECTED || e.homeRegion().isEmpty()) {
                throw e;
            }
            return post(regions.get(e.homeRegion().get()).uri(Service.ACCOUNT, address), body);
        }
    }

    /** Where this identifier's account lives; for an unknown one, where the market's accounts are opened. */
    public Region discover(String market, Identifier identifier) throws IOException {
        JsonNode json = post(regions.any().uri(Service.ACCOUNT, "/v1/discover"), identified(market, identifier));
        String home = json.path("homeRegion").asText(json.path("region").asText());
        return regions.get(home);
    }

    /** Signs in at once, so that a wrong password shows. */
    public Session signIn(Region home, Credential credential) throws IOException {
        Session session = new Session(http, regions, issuer, clock, credential, home, null);
        session.accessToken();
        return session;
    }

    /**
     * Begins a sign-in on the identity provider's own page: passkeys and all else it offers work, and the password stays there.
     *
     * @param redirect where the browser is sent afterwards; an address of this computer, {@code http://127.0.0.1:PORT/…}
     */
    public BrowserSignIn signInByBrowser(Region home, URI redirect, Identifier hint, SecureRandom random) {
        return new BrowserSignIn(issuer, home, redirect, hint, random);
    }

    /** Goes on with kept tokens; signs in again when they have ended and the credential is there. */
    public Session resume(Region home, Credential credential, Tokens tokens) {
        return new Session(http, regions, issuer, clock, credential, home, tokens);
    }

    public RegionList regions() {
        return regions;
    }

    public Http http() {
        return http;
    }

    private JsonNode post(URI uri, JsonNode body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .header(DeviceNumber.HEADER, device.at(clock.instant()))
                .POST(BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
        return Json.parse(http.send(request).body());
    }

    private static ObjectNode identified(String market, Identifier identifier) {
        return Json.object().put("market", market).put(identifier.kind().field(), identifier.value());
    }

    private static void putIfPresent(ObjectNode body, String name, String value) {
        if (value != null) {
            body.put(name, value);
        }
    }
}
