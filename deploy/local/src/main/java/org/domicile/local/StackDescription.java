package org.domicile.local;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.domicile.local.home.PrivateFiles;

/**
 * The running stack as {@code stack.json} describes it.
 *
 * @param ca PEM file of the authority; relative paths start at the folder that holds {@code .domicile}
 * @param push region-neutral origin for push
 * @param backup region-neutral origin for stock backup clients
 * @param codes folder with one file per identifier that holds its latest one-time code
 * @param optimised whether the services' code is compiled by the optimising compiler, as it is where they run for long
 * @param regions by region id, in the order of {@code --regions}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record StackDescription(
        String ca,
        Login operator,
        String push,
        String backup,
        String codes,
        boolean optimised,
        Map<String, Region> regions) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A name with its password. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Login(String username, String password) {
        @Override
        public String toString() {
            return "Login[" + username + "]";
        }
    }

    /**
     * One region.
     *
     * @param signingKey base64 of the X.509 Ed25519 key that checks this region's receipts
     * @param postgres URL with the server's administrator; replace the database's name as needed
     * @param kafka bootstrap server, TLS with client certificates only
     * @param kafkaClient properties file of an administrator's Kafka client
     * @param keycloakAdmin administrator of that Keycloak's {@code master} realm
     * @param shop URL of the shop's database with the shop's own access, if there is a shop
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Region(
            String issuer,
            String clientId,
            String account,
            String backup,
            String messaging,
            String migration,
            String signingKey,
            String kafka,
            String kafkaClient,
            String postgres,
            S3 s3,
            Login keycloakAdmin,
            String shop) {}

    /** The region's object store. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record S3(String endpoint, String bucket, String accessKey, String secretKey) {
        @Override
        public String toString() {
            return "S3[" + endpoint + "/" + bucket + "]";
        }
    }

    /** @throws LocalFailure if no stack runs there or the file is damaged */
    public static StackDescription read(Path stackFile) {
        if (!Files.exists(stackFile)) {
            throw new LocalFailure("No stack is running (" + stackFile + " is missing): start one with ./domicile up.");
        }
        try {
            return JSON.readValue(PrivateFiles.read(stackFile), StackDescription.class);
        } catch (JsonProcessingException e) {
            throw new LocalFailure("The file " + stackFile + " is damaged: run ./domicile down and ./domicile up.", e);
        }
    }

    void write(Path stackFile) {
        try {
            PrivateFiles.write(stackFile, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
