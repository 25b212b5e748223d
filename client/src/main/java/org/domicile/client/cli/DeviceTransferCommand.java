package org.domicile.client.cli;

import java.io.IOException;
import java.util.List;
import org.domicile.client.sdk.Account;
import org.domicile.client.transfer.Transfer;
import org.domicile.client.transfer.TransferRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "transfer",
        description = "Hand the backup's password from a device that has it to a new one, end to end encrypted.",
        subcommands = {DeviceTransferCommand.Accept.class, DeviceTransferCommand.Offer.class})
final class DeviceTransferCommand extends CommandGroup {

    private static String words(List<String> words) {
        return String.join(" ", words);
    }

    @Command(
            name = "accept",
            description = "On the new device, first: show a request, then take the offer that answers it.",
            footer = "%nExample: ./domicile device transfer accept --profile phone --name \"New phone\"")
    static final class Accept extends ClientCommand {
        @Option(names = "--name", defaultValue = "New device", description = "default: ${DEFAULT-VALUE}")
        String name;

        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            if (workplace.hasProfile()) {
                throw new CommandException("There is a profile " + profile + " already: name another with --profile");
            }
            Transfer transfer = new Transfer(name);
            Prompt prompt = prompt();
            tell("On the device that has the backup, run './domicile device transfer offer' with this request:");
            tell(transfer.request().encode());
            tell("It must show these six words: " + words(transfer.request().words()));
            Transfer.Received received = transfer.open(prompt.line("The offer it shows:"));
            if (!prompt.yes("Does it show these six words: " + words(received.words()) + "?")) {
                throw new CommandException(
                        "Nothing was kept: someone else may have answered. Start again on both devices");
            }
            Profile created = new Handover(received.secret()).profile();
            workplace.create(created);
            if (json) {
                print(MAPPER.createObjectNode()
                        .put("accountId", created.accountId)
                        .put("profile", profile));
            }
            say("This device backs up and restores for account " + created.accountId + " now.");
            return OK;
        }

        /** For the person, whatever the output is for. */
        private void tell(String line) {
            if (json) {
                spec.commandLine().getErr().println(line);
                spec.commandLine().getErr().flush();
            }
            say(line);
        }
    }

    @Command(
            name = "offer",
            description = "On a device that has the backup: answer the new device's request.",
            footer = "%nExample: ./domicile device transfer offer domicile-request-1.…")
    static final class Offer extends ClientCommand {
        @Parameters(paramLabel = "REQUEST", description = "the line that the new device shows")
        String request;

        @Override
        int run() throws IOException {
            TransferRequest asked = TransferRequest.parse(request);
            Workplace workplace = workplace();
            if (workplace.profile().repository == null) {
                throw new CommandException("This device has no backup to hand over: make one with 'backup DIR'");
            }
            if (!prompt().yes("Does the new device show these six words: " + words(asked.words()) + "?")) {
                throw new CommandException(
                        "Nothing was handed over: the request is not that of your device. Copy it again");
            }
            Account.Device device = workplace.account().addDevice(asked.deviceName(), "Transfer");
            workplace.save();
            Transfer.Offer offer = Transfer.offer(asked, Handover.of(workplace.profile(), device));
            if (json) {
                print(MAPPER.createObjectNode()
                        .put("offer", offer.text())
                        .put("deviceId", device.id())
                        .set("words", MAPPER.valueToTree(offer.words())));
            }
            say("The offer for the new device:");
            say(offer.text());
            say("It must show these six words: " + words(offer.words()));
            return OK;
        }
    }
}
