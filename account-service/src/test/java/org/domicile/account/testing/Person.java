package org.domicile.account.testing;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.testing.Wait;

/** Someone who signs up over HTTP, reads the code, confirms, and signs in at the real Keycloak. */
public record Person(String email, String password, AccountId account) {
    public static final String PASSWORD = "correct horse battery";

    public static String newEmail() {
        return "ada." + UUID.randomUUID() + "@example.com";
    }

    public static Person signedUp() {
        return signedUp("SG", "Ada 爱达");
    }

    public static Person signedUp(String market, String name) {
        var email = newEmail();
        var account = confirm(
                register(Map.of("market", market, "email", email, "password", PASSWORD, "displayName", name)),
                code(email));
        return new Person(email, PASSWORD, AccountId.parse(account));
    }

    /** A minor whose guardian has agreed to the account. */
    public static Person minor(String market, String guardian) {
        var email = newEmail();
        var registration = register(Map.of(
                "market", market,
                "email", email,
                "password", PASSWORD,
                "displayName", "Ada 爱达",
                "ageBand", "minor",
                "guardian", guardian));
        tryConfirm(registration, code(guardian)).then().statusCode(202);
        return new Person(email, PASSWORD, AccountId.parse(confirm(registration, code(email))));
    }

    /** A number of Singapore that nobody has. */
    public static String newPhone() {
        return "+6591" + (100_000 + ThreadLocalRandom.current().nextInt(900_000));
    }

    /** The guardian, who is not signed in, gives the latest code that they were sent. */
    public static Response guardianConfirms(AccountId account, String confirmation, String guardian) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("code", code(guardian)))
                .post("/v1/guardians/" + account + "/confirmations/" + confirmation);
    }

    /** @return the registration's id */
    public static String register(Map<String, ?> signUp) {
        return given().contentType(ContentType.JSON)
                .header("Accept-Language", "zh-CN,zh;q=0.8")
                .body(signUp)
                .post("/v1/accounts")
                .then()
                .statusCode(202)
                .extract()
                .path("registrationId");
    }

    public static String code(String identifier) {
        try {
            return Files.readString(AccountParts.codes().resolve(URLEncoder.encode(identifier, UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Response tryConfirm(String registration, String code) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("code", code))
                .post("/v1/accounts/" + registration + "/confirm");
    }

    /** @return the account's id */
    public static String confirm(String registration, String code) {
        return tryConfirm(registration, code).then().statusCode(201).extract().path("accountId");
    }

    public static Response trySignIn(String username, String password) {
        return given().relaxedHTTPSValidation()
                .formParam("grant_type", "password")
                .formParam("client_id", "domicile-device")
                .formParam("username", username)
                .formParam("password", password)
                .post(AccountParts.keycloakUrl() + "/realms/domicile/protocol/openid-connect/token");
    }

    /** Where the latest notice to this person's e-mail address is left. */
    public Path letter() {
        return AccountParts.codes().resolve("notices").resolve(URLEncoder.encode(email, UTF_8));
    }

    public String token() {
        return trySignIn(email, password).then().statusCode(200).extract().path("access_token");
    }

    /** Signs in: Keycloak takes one sign-in of a user at a time, and the next a moment after its answer. @return the tokens */
    public static Response signIn(String username, String password) {
        var answer = new AtomicReference<Response>();
        Wait.until("signed in", () -> {
            answer.set(trySignIn(username, password));
            return answer.get().statusCode() == 200;
        });
        return answer.get();
    }

    /** The token endpoint's answer to a refresh token. */
    public static Response refresh(String token) {
        return given().relaxedHTTPSValidation()
                .formParam("grant_type", "refresh_token")
                .formParam("client_id", "domicile-device")
                .formParam("refresh_token", token)
                .post(AccountParts.keycloakUrl() + "/realms/domicile/protocol/openid-connect/token");
    }

    public static Response askForPassword(String email) {
        return anonymous().body(Map.of("market", "SG", "email", email)).post("/v1/password-resets");
    }

    /** A request without a sign-in. */
    public static RequestSpecification anonymous() {
        return given().contentType(ContentType.JSON);
    }

    /** A request with this person's token. */
    public RequestSpecification asked() {
        return with(token());
    }

    public static RequestSpecification with(String token) {
        return given().auth().oauth2(token).contentType(ContentType.JSON);
    }
}
