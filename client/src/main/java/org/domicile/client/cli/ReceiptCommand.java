package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.domicile.client.sdk.RegionList;
import org.domicile.client.sdk.SignedReceipt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "receipt",
        description = "Check receipts of consents, moves and purges.",
        subcommands = ReceiptCommand.Verify.class)
final class ReceiptCommand extends CommandGroup {

    @Command(
            name = "verify",
            description = "Check a receipt's signature without a network, and show what it says.",
            footer = "%nExample: ./domicile receipt verify move.jws")
    static final class Verify extends ClientCommand {
        @Parameters(paramLabel = "FILE", description = "the receipt: a compact JWS, or JSON that holds one as jws")
        Path file;

        @Option(
                names = "--regions",
                paramLabel = "FILE",
                description = "the region list, JSON or JWS; default: regions.jws of the stack")
        Path regions;

        @Override
        int run() throws IOException {
            String text = Files.readString(file).strip();
            String jws =
                    text.startsWith("{") ? MAPPER.readTree(text).path("jws").asText() : text;
            SignedReceipt receipt = SignedReceipt.verify(jws, regions());
            if (json) {
                print(MAPPER.createObjectNode()
                        .put("genuine", true)
                        .put("signedBy", receipt.keyId())
                        .set("receipt", receipt.payload()));
            } else {
                say("Genuine: signed by " + receipt.keyId() + ".");
                print(receipt.payload());
            }
            return OK;
        }

        private RegionList regions() throws IOException {
            Path kept = workplace().folder().resolve("regions.jws");
            if (regions == null && !Files.exists(kept)) {
                return RegionList.fetch(
                        workplace().client().http(),
                        workplace().client().regions().any().services().get(org.domicile.client.sdk.Service.ACCOUNT));
            }
            String text = Files.readString(regions == null ? kept : regions).strip();
            return RegionList.parse(text.startsWith("{") ? MAPPER.readTree(text) : payload(text));
        }

        /** You chose this file; its own signature is the services' concern. */
        private static JsonNode payload(String jws) throws IOException {
            String[] parts = jws.split("\\.", -1);
            if (parts.length != 3) {
                throw new CommandException("The region list is neither JSON nor a compact JWS");
            }
            return MAPPER.readTree(Base64.getUrlDecoder().decode(parts[1]));
        }
    }
}
