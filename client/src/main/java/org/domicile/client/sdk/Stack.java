package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A local stack as it describes itself in {@code stack.json}.
 *
 * @param ca the authority that its certificates come from, PEM
 * @param codes folder of one-time codes, one file an identifier
 * @param operator who may order moves
 */
public record Stack(Path ca, Path codes, Credential operator, RegionList regions) {

    /**
     * @param home the data folder, usually {@code .domicile}
     * @throws IOException when no stack is set up there
     */
    public static Stack read(Path home) throws IOException {
        try {
            JsonNode json = Json.parse(Files.readAllBytes(home.resolve("stack.json")));
            JsonNode operator = json.path("operator");
            return new Stack(
                    inside(home, json.path("ca").asText("ca.pem")),
                    inside(home, json.path("codes").asText("codes")),
                    operator.path("username").isTextual()
                            ? new Credential(
                                    operator.path("username").asText(),
                                    new Secret(operator.path("password").asText()))
                            : null,
                    RegionList.parse(json));
        } catch (NoSuchFileException e) {
            throw new IOException("No stack is set up in " + home + ": start one with './domicile up'", e);
        }
    }

    /** Paths in the file start at the folder that holds the data folder, or are absolute. */
    private static Path inside(Path home, String path) {
        Path given = Path.of(path);
        if (given.isAbsolute()) {
            return given;
        }
        Path beside = home.toAbsolutePath().resolveSibling(given);
        return Files.exists(beside) ? beside : home.resolve(given.getFileName());
    }
}
