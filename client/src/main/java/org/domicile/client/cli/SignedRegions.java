package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.domicile.client.sdk.RegionList;
import org.domicile.client.sdk.Service;

/** The region list with the keys that receipts are checked with. */
final class SignedRegions {
    private SignedRegions() {}

    /** @param given a file, JSON or JWS; null for {@code regions.jws} of the stack, or what a service tells where there is none */
    static RegionList of(Workplace workplace, Path given) throws IOException {
        Path kept = workplace.folder().resolve("regions.jws");
        if (given == null && !Files.exists(kept)) {
            return RegionList.fetch(
                    workplace.client().http(),
                    workplace.client().regions().any().services().get(Service.ACCOUNT));
        }
        String text = Files.readString(given == null ? kept : given).strip();
        return RegionList.parse(text.startsWith("{") ? ClientCommand.MAPPER.readTree(text) : payload(text));
    }

    /** You chose this file; its own signature is the services' concern. */
    private static JsonNode payload(String jws) throws IOException {
        String[] parts = jws.split("\\.", -1);
        if (parts.length != 3) {
            throw new CommandException("The region list is neither JSON nor a compact JWS");
        }
        return ClientCommand.MAPPER.readTree(Base64.getUrlDecoder().decode(parts[1]));
    }
}
