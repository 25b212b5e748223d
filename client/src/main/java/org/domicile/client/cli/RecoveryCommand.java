package org.domicile.client.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.domicile.client.recovery.RecoveryKey;
import org.domicile.client.restic.Repository;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "recovery",
        description = "24 words that open the backup when every device is lost.",
        subcommands = {RecoveryCommand.Create.class, RecoveryCommand.Restore.class})
final class RecoveryCommand extends CommandGroup {

    @Command(
            name = "create",
            description = "Make a recovery key and show it, once. Stock restic takes the words as a password, too.",
            footer = "%nExample: ./domicile recovery create")
    static final class Create extends ClientCommand {
        @Option(names = "--replace", description = "make a new key; the words of the one before open nothing then")
        boolean replace;

        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            try (Repository repository = workplace.repository(false)) {
                RecoveryKey key = new RecoveryKeys(repository, workplace).create(replace);
                if (json) {
                    ObjectNode node = MAPPER.createObjectNode();
                    print(node.set("words", MAPPER.valueToTree(key.words())));
                }
                RecoveryKeys.lines(key).forEach(this::say);
            }
            return OK;
        }
    }

    @Command(
            name = "restore",
            description = "Open the backup with the recovery key, on a device that is signed in.",
            footer = "%nExample: ./domicile recovery restore --words-file words.txt")
    static final class Restore extends ClientCommand {
        @Option(
                names = "--words-file",
                paramLabel = "FILE",
                description = "a file with the 24 words; without it they are asked for")
        Path file;

        @Option(
                names = "--repository",
                defaultValue = Workplace.REPOSITORY,
                description = "the backup's name; default: ${DEFAULT-VALUE}")
        String repository;

        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            workplace.profile();
            String typed = file != null ? Files.readString(file) : prompt().paragraph("The 24 words, in order:");
            workplace.recover(repository, RecoveryKey.parse(typed));
            if (json) {
                print(MAPPER.createObjectNode().put("repository", repository));
            }
            say("The backup is open on this device now: 'snapshots' lists what it holds.");
            return OK;
        }
    }
}
