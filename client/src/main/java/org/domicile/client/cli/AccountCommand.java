package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.domicile.client.sdk.Account;
import org.domicile.client.sdk.ArchivedFiles;
import org.domicile.client.sdk.DomicileClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "account",
        description = "Open, confirm, sign in to, show, change, secure, export, keep or erase an account.",
        subcommands = {
            AccountCreateCommand.class,
            AccountConfirmCommand.class,
            AccountSignInCommand.class,
            AccountCommand.Show.class,
            AccountChangeCommand.class,
            AccountPasswordCommand.class,
            AccountResetPasswordCommand.class,
            AccountPasskeyCommand.class,
            AccountSessionCommand.class,
            AccountGuardianCommand.class,
            AccountCommand.Export.class,
            AccountCommand.Keep.class,
            AccountCommand.Erase.class
        })
final class AccountCommand extends CommandGroup {

    @Command(
            name = "show",
            description = "Show the account and where it lives.",
            footer = "%nExample: ./domicile account show --json")
    static final class Show extends ClientCommand {
        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            JsonNode account = workplace.account().show();
            workplace.save();
            print(account);
            return OK;
        }
    }

    @Command(
            name = "export",
            description = "Order an archive of everything stored; with --to, wait for it and fetch it.",
            footer = "%nExample: ./domicile account export --to me.zip --with-files files")
    static final class Export extends ClientCommand {
        private static final long LOOK_MILLIS = 500;

        @Option(names = "--to", paramLabel = "FILE", description = "the zip to write")
        Path to;

        @Option(
                names = "--with-files",
                paramLabel = "DIR",
                description = "with --to: fetch what you keep by WebDAV, too, and hold it against the archive")
        Path files;

        @Override
        int run() throws IOException {
            if (files != null && to == null) {
                throw new CommandException("The files are held against the archive: say --to, too");
            }
            Workplace workplace = workplace();
            Account account = workplace.account();
            JsonNode job = account.export();
            while (to != null && !job.path("state").asText().equals("READY")) {
                pause();
                job = account.exportState(job);
            }
            int code = OK;
            if (to != null) {
                byte[] archive = account.archive(job);
                Files.write(to, archive);
                if (files != null) {
                    code = fetch(workplace, archive, job);
                }
            }
            print(job);
            workplace.save();
            return code;
        }

        private int fetch(Workplace workplace, byte[] archive, JsonNode job) throws IOException {
            DomicileClient client = workplace.client();
            ArchivedFiles.Fetched fetched = new ArchivedFiles(
                            client.http(), client.regions().backup(), workplace.device())
                    .fetch(archive, files);
            ((ObjectNode) job).set("files", MAPPER.valueToTree(fetched));
            return fetched.changed().isEmpty() ? OK : PARTLY;
        }

        private static void pause() throws IOException {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("Waiting for the archive was interrupted");
            }
        }
    }

    @Command(
            name = "keep",
            description = "Say that the account is used: an account that nobody uses is erased after notices.",
            footer = "%nExample: ./domicile account keep")
    static final class Keep extends ClientCommand {
        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            JsonNode activity = workplace.account().keep();
            workplace.save();
            print(activity);
            return OK;
        }
    }

    @Command(
            name = "erase",
            description = "Erase the account and everything in it. There is no way back.",
            footer = "%nExample: ./domicile account erase --yes")
    static final class Erase extends ClientCommand {
        @Option(names = "--yes", description = "do not ask")
        boolean yes;

        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            workplace.profile();
            if (!yes) {
                throw new CommandException(
                        "This erases backups, messages and the account for good: say --yes if you mean it");
            }
            print(workplace.account().erase());
            workplace.save();
            return OK;
        }
    }
}
