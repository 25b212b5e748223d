package org.domicile.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.domicile.client.restic.Repository;
import org.domicile.client.restic.Snapshot;
import picocli.CommandLine.Command;

@Command(name = "snapshots", description = "List the backups made.", footer = "%nExample: ./domicile snapshots")
final class SnapshotsCommand extends ClientCommand {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    @Override
    int run() throws IOException {
        List<Snapshot.Named> snapshots;
        try (Repository repository = workplace().repository(false)) {
            snapshots = repository.snapshots();
        }
        if (json) {
            ArrayNode list = MAPPER.createArrayNode();
            for (Snapshot.Named named : snapshots) {
                ObjectNode entry = MAPPER.valueToTree(named.snapshot());
                list.add(entry.put("id", named.id().toString()));
            }
            print(list);
        }
        for (Snapshot.Named named : snapshots) {
            say(named.id().brief() + "  "
                    + TIME.format(named.snapshot().instant().atZone(ZoneId.systemDefault())) + "  "
                    + String.join(", ", named.snapshot().paths()));
        }
        say(Text.count(snapshots.size(), "snapshot"));
        return OK;
    }
}
