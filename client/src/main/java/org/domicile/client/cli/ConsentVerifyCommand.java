package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.domicile.client.sdk.ConsentChain;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Receipts;
import org.domicile.client.sdk.RegionList;
import org.domicile.client.sdk.Service;
import org.domicile.client.sdk.Session;
import org.domicile.client.sdk.SignedReceipt;
import org.domicile.client.sdk.Stack;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "verify",
        description = {
            "Check your ledger's hash chain here, without trusting the service, and hold it against your signed receipts.",
            "With --all an auditor has every ledger of a region walked, and held against what was published of it.",
            "Exits with 1 if an entry was changed, left out or put in."
        },
        footer = "%nExample: ./domicile consent verify")
final class ConsentVerifyCommand extends ClientCommand {
    private static final int BROKEN = 1;
    private static final String PATH = "/v1/consents/verification";

    @Option(names = "--all", description = "every ledger, as the stack's operator")
    boolean all;

    @Option(names = "--region", paramLabel = "REGION", description = "with --all: one region only; default: all")
    String region;

    @Override
    int run() throws IOException {
        return all ? everybodys() : own();
    }

    private int own() throws IOException {
        Workplace workplace = workplace();
        String account = workplace.account().show().path("accountId").asText();
        JsonNode ledger = workplace.account().consents().path("ledger");
        List<JsonNode> receipts = receipts(workplace);
        workplace.save();
        OptionalLong chain = ConsentChain.firstBroken(account, ledger);
        OptionalLong broken = chain.isPresent() ? chain : ConsentChain.firstUnlike(ledger, receipts);
        if (json) {
            ObjectNode answer =
                    MAPPER.createObjectNode().put("entries", ledger.size()).put("receipts", receipts.size());
            broken.ifPresent(sequence -> answer.put("broken", sequence));
            print(answer);
        }
        if (broken.isPresent()) {
            say("The ledger is broken at entry " + broken.getAsLong() + ": it was changed, left out or put in.");
            return BROKEN;
        }
        say("The ledger holds: " + ledger.size() + " entries, each linked to the one before; " + receipts.size()
                + " signed receipts agree.");
        return OK;
    }

    /** What the owner's consent receipts state, their signatures checked. */
    private static List<JsonNode> receipts(Workplace workplace) throws IOException {
        Receipts receipts = workplace.receipts();
        List<JsonNode> statements = new ArrayList<>();
        RegionList regions = null;
        for (JsonNode receipt : receipts.list()) {
            if (receipt.path("kind").asText().equals("consent")) {
                regions = regions == null ? SignedRegions.of(workplace, null) : regions;
                statements.add(
                        SignedReceipt.verify(receipts.signed(receipt.path("id").asText()), regions)
                                .payload());
            }
        }
        return statements;
    }

    private int everybodys() throws IOException {
        Workplace workplace = workplace();
        Stack stack = workplace.stack();
        if (stack.operator() == null) {
            throw new CommandException("stack.json names no operator: every ledger is an auditor's to check");
        }
        DomicileClient client = workplace.client();
        ArrayNode answers = MAPPER.createArrayNode();
        int code = OK;
        for (String name :
                region == null ? List.copyOf(client.regions().regions().keySet()) : List.of(region)) {
            ObjectNode found = walk(client.signIn(client.regions().get(name), stack.operator()), name);
            answers.add(found);
            code = found.path("broken").isEmpty() ? code : BROKEN;
            tell(found);
        }
        if (json) {
            print(answers);
        }
        return code;
    }

    private static ObjectNode walk(Session session, String name) throws IOException {
        ObjectNode found = MAPPER.createObjectNode().put("region", name);
        ArrayNode broken = found.putArray("broken");
        long accounts = 0;
        long published = 0;
        JsonNode page;
        String next = "";
        do {
            page = session.get(Service.ACCOUNT, PATH + next);
            accounts += page.path("accounts").asLong();
            published += page.path("published").asLong();
            page.path("broken").forEach(broken::add);
            next = "?after=" + page.path("next").asText();
        } while (page.hasNonNull("next"));
        return found.put("accounts", accounts).put("published", published);
    }

    private void tell(JsonNode found) {
        String name = found.path("region").asText();
        for (JsonNode broken : found.path("broken")) {
            say(name + ": the ledger of " + broken.path("accountId").asText() + " is broken at entry "
                    + broken.path("sequence").asLong() + ".");
        }
        if (found.path("broken").isEmpty()) {
            say(name + ": " + found.path("accounts").asLong() + " ledgers hold, and "
                    + found.path("published").asLong() + " published entries are in them.");
        }
    }
}
