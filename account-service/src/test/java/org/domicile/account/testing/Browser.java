package org.domicile.account.testing;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.filter.cookie.CookieFilter;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a browser and an app with a loopback redirect do to sign in: one attempt, with cookies of its own. */
public final class Browser {
    private static final String CLIENT = "domicile-device";
    private static final String REDIRECT = "http://127.0.0.1:49152/callback";
    private static final Pattern ACTION = Pattern.compile("<form[^>]*action=\"([^\"]+)\"");
    private static final Pattern COMPLAINT = Pattern.compile("id=\"input-error[^\"]*\"[^>]*>\\s*([^<]+?)\\s*<");

    private final CookieFilter cookies = new CookieFilter();
    private final String verifier;
    private String page = "";
    private int status;

    public Browser() {
        var random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.verifier = base64(random);
    }

    public String verifier() {
        return verifier;
    }

    /** @return the authorization code; empty if the form came back, with {@link #complaint} */
    public Optional<String> signIn(String username, String password) {
        page = authorize()
                .queryParam("code_challenge", challenge())
                .queryParam("code_challenge_method", "S256")
                .get(endpoint("auth"))
                .then()
                .statusCode(200)
                .extract()
                .asString();
        var answer = asked().formParam("username", username)
                .formParam("password", password)
                .redirects()
                .follow(false)
                .post(URI.create(found(ACTION).replace("&amp;", "&")));
        page = answer.asString();
        status = answer.statusCode();
        return status == 302 ? parameter(answer, "code") : Optional.empty();
    }

    /** Adds a passkey at the account's own wish, after a sign-in by password. @return the authorization code */
    public String addPasskey(String username, String password, Passkey passkey) {
        var page = opened(authorize()
                .queryParam("kc_action", "webauthn-register-passwordless")
                .queryParam("code_challenge", challenge())
                .queryParam("code_challenge_method", "S256")
                .get(endpoint("auth")));
        var action = opened(post(page, Map.of("username", username, "password", password)));
        var registered = post(
                action,
                passkey.register(script(action, "challenge"), script(action, "userid"), AccountParts.keycloakUrl()));
        return code(registered).orElseThrow();
    }

    /** The code that the app is sent, at the end of Keycloak's own redirects; empty if a page came instead. */
    private Optional<String> code(Response answer) {
        if (answer.statusCode() != 302) {
            page = answer.asString();
            return Optional.empty();
        }
        var location = answer.header("Location");
        return location.startsWith(AccountParts.keycloakUrl())
                ? code(asked().redirects().follow(false).get(URI.create(location)))
                : parameter(answer, "code");
    }

    /** Signs in with nothing but a passkey. @return the authorization code; empty if the form came back */
    public Optional<String> signIn(Passkey passkey) {
        var form = opened(authorize()
                .queryParam("code_challenge", challenge())
                .queryParam("code_challenge_method", "S256")
                .get(endpoint("auth")));
        return code(post(form, passkey.sign(script(form, "challenge"), AccountParts.keycloakUrl())));
    }

    /** The RP id that the page of a sign-in offers passkeys for. */
    public String rpId() {
        return script(
                opened(authorize()
                        .queryParam("code_challenge", challenge())
                        .queryParam("code_challenge_method", "S256")
                        .get(endpoint("auth"))),
                "rpId");
    }

    /** Starts the device flow (RFC 8628) of a device without a browser. */
    public Response device() {
        return asked().formParam("client_id", CLIENT)
                .formParam("code_challenge", challenge())
                .formParam("code_challenge_method", "S256")
                .formParam("scope", "openid")
                .post(endpoint("auth/device"));
    }

    /** Opens the address that the device shows, signs in and grants. */
    public void grant(String address, String username, String password) {
        var page = opened(asked().redirects().follow(false).get(URI.create(address)));
        var consent = opened(post(page, Map.of("username", username, "password", password)));
        var code = Pattern.compile("name=\"code\" value=\"([^\"]+)\"").matcher(consent);
        if (!code.find()) {
            throw new AssertionError("nothing to grant on the page:\n" + consent);
        }
        opened(post(consent, Map.of("code", code.group(1), "accept", "Yes")));
    }

    public Response exchangeDevice(String deviceCode) {
        return asked().formParam("grant_type", "urn:ietf:params:oauth:grant-type:device_code")
                .formParam("client_id", CLIENT)
                .formParam("device_code", deviceCode)
                .formParam("code_verifier", verifier)
                .post(endpoint("token"));
    }

    /** The page behind an answer, and behind what it redirects to. */
    private String opened(Response answer) {
        return answer.statusCode() == 302
                ? opened(asked().redirects().follow(false).get(absolute(answer.header("Location"))))
                : answer.then().statusCode(200).extract().asString();
    }

    private Response post(String page, Map<String, String> form) {
        var action = ACTION.matcher(page);
        if (!action.find()) {
            throw new AssertionError("no form on the page:\n" + page);
        }
        return asked().formParams(form)
                .redirects()
                .follow(false)
                .post(absolute(action.group(1).replace("&amp;", "&")));
    }

    /** Some of Keycloak's pages give addresses without a host. */
    private static URI absolute(String address) {
        return URI.create(AccountParts.keycloakUrl()).resolve(address);
    }

    private static String script(String page, String name) {
        var found =
                Pattern.compile("\\b" + name + "\\s*:\\s*[\"']([^\"']*)[\"']").matcher(page);
        if (!found.find()) {
            throw new AssertionError("no " + name + " on the page:\n" + page);
        }
        return found.group(1);
    }

    /** What the form was answered with. */
    public int status() {
        return status;
    }

    /** The sentence beside the form's fields. */
    public String complaint() {
        return found(COMPLAINT);
    }

    public Response exchange(String code, String verifier) {
        return asked().formParam("grant_type", "authorization_code")
                .formParam("client_id", CLIENT)
                .formParam("redirect_uri", REDIRECT)
                .formParam("code", code)
                .formParam("code_verifier", verifier)
                .post(endpoint("token"));
    }

    /** The error code with which a request without PKCE is sent back to the app. */
    public String refusalWithoutChallenge() {
        return parameter(authorize().redirects().follow(false).get(endpoint("auth")), "error")
                .orElseThrow();
    }

    /** The error code for a challenge that is the verifier itself (RFC 7636 section 4.2, {@code plain}). */
    public String refusalOfPlainChallenge() {
        return parameter(
                        authorize()
                                .queryParam("code_challenge", verifier)
                                .queryParam("code_challenge_method", "plain")
                                .redirects()
                                .follow(false)
                                .get(endpoint("auth")),
                        "error")
                .orElseThrow();
    }

    private RequestSpecification authorize() {
        return asked().queryParam("client_id", CLIENT)
                .queryParam("redirect_uri", REDIRECT)
                .queryParam("response_type", "code")
                .queryParam("scope", "openid");
    }

    private RequestSpecification asked() {
        return given().config(RestAssuredConfig.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)))
                .relaxedHTTPSValidation()
                .filter(cookies);
    }

    private String challenge() {
        try {
            return base64(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private String found(Pattern pattern) {
        var matcher = pattern.matcher(page);
        if (!matcher.find()) {
            throw new AssertionError("nothing like " + pattern + " on the page:\n" + page);
        }
        return matcher.group(1);
    }

    private static Optional<String> parameter(Response answer, String name) {
        var location = answer.header("Location");
        if (location == null) {
            throw new AssertionError("no redirect but " + answer.statusCode() + ":\n" + answer.asString());
        }
        var found = Pattern.compile("[?&#]" + name + "=([^&#]+)").matcher(location);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    private static String endpoint(String name) {
        return AccountParts.keycloakUrl() + "/realms/domicile/protocol/openid-connect/" + name;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
