package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.domicile.client.sdk.ReceiptProof;
import org.domicile.client.sdk.SignedReceipt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "receipt",
        description = "Get and check receipts of consents, moves and purges.",
        subcommands = {ReceiptCommand.ListAll.class, ReceiptCommand.Get.class, ReceiptCommand.Verify.class})
final class ReceiptCommand extends CommandGroup {
    private static final String EXTENSION = ".tlog-proof";

    @Command(
            name = "list",
            description = "Show the receipts that your home has issued, the newest first.",
            footer = "%nExample: ./domicile receipt list")
    static final class ListAll extends ClientCommand {
        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            JsonNode receipts = workplace.receipts().list();
            workplace.save();
            if (json) {
                print(receipts);
                return OK;
            }
            for (JsonNode receipt : receipts) {
                say("%s  %-8s %s"
                        .formatted(
                                receipt.path("id").asText(),
                                receipt.path("kind").asText(),
                                receipt.path("issuedAt").asText()));
            }
            if (receipts.isEmpty()) {
                say("No receipts yet: a consent or a move brings the first.");
            }
            return OK;
        }
    }

    @Command(
            name = "get",
            description = "Keep a receipt as a file that proves itself, without the service that issued it.",
            footer = "%nExample: ./domicile receipt get 01a20399-0842-79f3-8caf-6be278719a77 --to move.tlog-proof")
    static final class Get extends ClientCommand {
        @Parameters(paramLabel = "ID", description = "which receipt; './domicile receipt list' shows them")
        String id;

        @Option(names = "--to", paramLabel = "FILE", description = "where to; default: ID.tlog-proof")
        String to;

        @Override
        int run() throws IOException {
            Path file = path(to == null ? id + EXTENSION : to);
            Workplace workplace = workplace();
            String proof = workplace.receipts().proof(id);
            workplace.save();
            try {
                Files.writeString(file, proof, StandardOpenOption.CREATE_NEW);
            } catch (FileAlreadyExistsException e) {
                throw new CommandException(file + " exists: name another file with --to");
            }
            if (json) {
                print(MAPPER.createObjectNode().put("file", file.toString()));
            }
            say("Kept in " + file + ": check it with './domicile receipt verify " + file + "'.");
            return OK;
        }
    }

    @Command(
            name = "verify",
            description =
                    "Check a receipt and its place in the region's public log without a network, and show what it says.",
            footer = "%nExample: ./domicile receipt verify move.tlog-proof")
    static final class Verify extends ClientCommand {
        @Parameters(
                paramLabel = "FILE",
                description =
                        "what 'receipt get' kept, or a bare receipt: a compact JWS, or JSON that holds one as jws")
        Path file;

        @Option(
                names = "--regions",
                paramLabel = "FILE",
                description = "the region list, JSON or JWS; default: regions.jws of the stack")
        Path regions;

        @Override
        int run() throws IOException {
            String text = Files.readString(file);
            return ReceiptProof.isProof(text) ? proof(text) : bare(text.strip());
        }

        private int proof(String text) throws IOException {
            ReceiptProof proof = ReceiptProof.verify(text, SignedRegions.of(workplace(), regions));
            String region = proof.receipt().keyId();
            if (json) {
                ObjectNode cosigned = MAPPER.createObjectNode();
                proof.cosigned().forEach((by, at) -> cosigned.put(by, at.toString()));
                print(MAPPER.createObjectNode()
                        .put("genuine", true)
                        .put("signedBy", region)
                        .put("logIndex", proof.index())
                        .put("logSize", proof.size())
                        .<ObjectNode>set("cosigned", cosigned)
                        .set("receipt", proof.receipt().payload()));
                return OK;
            }
            say("Genuine: signed by %s, and number %d of %d in its public log."
                    .formatted(region, proof.index() + 1, proof.size()));
            proof.cosigned().forEach((by, at) -> say("The log's state was also signed by " + by + ", at " + at + "."));
            if (proof.cosigned().isEmpty()) {
                say("No other region has signed this state of the log: get the receipt again in a minute.");
            }
            print(proof.receipt().payload());
            say("It proves that " + region + " stated this and cannot take it back unseen."
                    + " It does not prove that what was stated is true.");
            return OK;
        }

        private int bare(String text) throws IOException {
            String jws =
                    text.startsWith("{") ? MAPPER.readTree(text).path("jws").asText() : text;
            SignedReceipt receipt = SignedReceipt.verify(jws, SignedRegions.of(workplace(), regions));
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
    }
}
