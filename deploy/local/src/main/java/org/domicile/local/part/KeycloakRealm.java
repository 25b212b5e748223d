package org.domicile.local.part;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.domicile.local.LocalFailure;
import org.domicile.local.home.PrivateFiles;

/** The realm of a region, imported from {@code deploy/keycloak/realm} when it is not there yet. */
final class KeycloakRealm {
    static final String NAME = "domicile";
    private static final Duration IMPORT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegionSetup setup;

    KeycloakRealm(RegionSetup setup) {
        this.setup = setup;
    }

    /** What the placeholders {@code ${NAME}} of the realm file stand for. */
    static Map<String, String> placeholders(RegionSetup setup) {
        var values = new LinkedHashMap<String, String>();
        values.put("DOMICILE_REGION", setup.id());
        values.put("DOMICILE_ACCOUNT_SECRET", setup.secret("keycloak.account-service"));
        values.put("DOMICILE_RP_ID", "localhost");
        values.put("DOMICILE_OPERATOR_USERNAME", Operator.NAME);
        values.put("DOMICILE_OPERATOR_PASSWORD", Operator.password(setup.secrets()));
        return values;
    }

    void importIfAbsent() {
        try {
            var token = token();
            if (get("/realms/" + NAME).statusCode() == 200) {
                return;
            }
            var request = request("/admin/realms")
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(rendered()))
                    .build();
            var answer = setup.http().send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 201) {
                throw new LocalFailure("The realm " + setup.built().realm() + " was refused by "
                        + setup.nameOf(KeycloakPart.PART) + ": " + answer.statusCode() + " " + answer.body() + " Log: "
                        + setup.home().log(setup.nameOf(KeycloakPart.PART)));
            }
        } catch (IOException e) {
            throw new LocalFailure("The realm could not be imported: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalFailure("Importing the realm was interrupted.", e);
        }
    }

    private String rendered() {
        var text = PrivateFiles.read(setup.built().realm());
        for (var value : placeholders(setup).entrySet()) {
            text = text.replace("${" + value.getKey() + "}", value.getValue());
        }
        return text;
    }

    private String token() throws IOException, InterruptedException {
        var form = Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        "admin-cli",
                        "username",
                        KeycloakPart.ADMINISTRATOR,
                        "password",
                        KeycloakPart.administratorPassword(setup))
                .entrySet()
                .stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        var request = request("/realms/master/protocol/openid-connect/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        var answer = setup.http().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new LocalFailure("The administrator of " + setup.nameOf(KeycloakPart.PART) + " cannot sign in: "
                    + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body()).get("access_token").asText();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return setup.http().send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(setup.https(KeycloakPart.PART) + path))
                .timeout(IMPORT);
    }
}
