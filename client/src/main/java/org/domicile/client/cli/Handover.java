package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.domicile.client.sdk.Account;

/** What a trusted device gives a new one: where the account is, a device credential, and the backup's password. */
final class Handover {
    private final JsonNode json;

    /** @throws IOException for what is no handover */
    Handover(byte[] secret) throws IOException {
        json = ClientCommand.MAPPER.readTree(secret);
        if (!json.path("accountId").isTextual()
                || !json.path("repositoryPassword").isTextual()) {
            throw new CommandException("The offer holds no backup: update the other device and start again");
        }
    }

    static byte[] of(Profile owner, Account.Device device) throws IOException {
        return ClientCommand.MAPPER.writeValueAsBytes(ClientCommand.MAPPER
                .createObjectNode()
                .put("accountId", owner.accountId)
                .put("market", owner.market)
                .put("homeRegion", owner.homeRegion)
                .put("deviceId", device.id())
                .put("deviceSecret", device.secret().reveal())
                .put("repository", owner.repository.name())
                .put("repositoryPassword", owner.repository.password()));
    }

    Profile profile() {
        Profile created = new Profile();
        created.accountId = json.path("accountId").asText();
        created.market = json.path("market").asText(null);
        created.homeRegion = json.path("homeRegion").asText();
        created.device = new Profile.DeviceKey(
                json.path("deviceId").asText(), json.path("deviceSecret").asText());
        created.repository = new Profile.RepositoryKey(
                json.path("repository").asText(),
                json.path("repositoryPassword").asText());
        return created;
    }
}
