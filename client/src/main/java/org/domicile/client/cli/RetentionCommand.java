package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Service;
import org.domicile.client.sdk.Session;
import org.domicile.client.sdk.Stack;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "retention",
        description =
                "Show what is stored, until when, and what would be deleted. Deletes nothing: services do that by themselves.",
        footer = "%nExample: ./domicile retention --dry-run --at 2027-01-01T00:00:00Z")
final class RetentionCommand extends ClientCommand {
    @Option(names = "--dry-run", description = "what this command always is")
    boolean dryRun;

    @Option(names = "--at", paramLabel = "TIME", description = "what would be deleted by then; default: now")
    String at;

    @Option(names = "--region", paramLabel = "REGION", description = "one region only; default: all")
    String region;

    @Override
    int run() throws IOException {
        Workplace workplace = workplace();
        Stack stack = workplace.stack();
        if (stack.operator() == null) {
            throw new CommandException("stack.json names no operator: retention is an operator's to see");
        }
        DomicileClient client = workplace.client();
        List<String> regions =
                region == null ? List.copyOf(client.regions().regions().keySet()) : List.of(region);
        ArrayNode all = MAPPER.createArrayNode();
        for (String name : regions) {
            Session session = client.signIn(client.regions().get(name), stack.operator());
            for (Service service : Service.values()) {
                JsonNode answer = session.get(service, path());
                all.add(answer);
                show(answer);
            }
        }
        if (json) {
            print(all);
        }
        return OK;
    }

    private String path() {
        return "/v1/retention" + (at == null ? "" : "?at=" + URLEncoder.encode(at, StandardCharsets.UTF_8));
    }

    private void show(JsonNode answer) {
        if (answer.path("classes").isEmpty()) {
            return;
        }
        say(answer.path("region").asText() + " " + answer.path("service").asText());
        for (JsonNode held : answer.path("classes")) {
            say(line(held));
            held.path("going")
                    .forEach(item -> say("    " + item.path("id").asText() + " since "
                            + item.path("since").asText() + ", due "
                            + item.path("due").asText()));
        }
    }

    static String line(JsonNode held) {
        String end = held.has("retention")
                ? text(Duration.parse(held.path("retention").asText()))
                : "with the account";
        return String.format(
                "  %-18s %-17s %8d stored, %d to go",
                held.path("class").asText(),
                end,
                held.path("items").asLong(),
                held.path("due").asLong());
    }

    private static String text(Duration limit) {
        return limit.toDays() > 1 ? limit.toDays() + " days" : limit.toMinutes() + " min";
    }
}
