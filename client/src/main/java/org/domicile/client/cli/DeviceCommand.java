package org.domicile.client.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.domicile.client.restic.RepositoryPassword;
import org.domicile.client.sdk.Account;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "device",
        description = "Devices that may back up and take messages.",
        subcommands = {
            DeviceCommand.Add.class,
            DeviceCommand.ListAll.class,
            DeviceCommand.Revoke.class,
            DeviceTransferCommand.class
        })
final class DeviceCommand extends CommandGroup {

    @Command(
            name = "add",
            description = "Add a device. Its secret is shown once; it also serves stock restic and WebDAV clients.",
            footer = "%nExample: ./domicile device add --name \"Mi 4\" --model MI4")
    static final class Add extends ClientCommand {
        @Option(names = "--name", defaultValue = "Command line", description = "default: ${DEFAULT-VALUE}")
        String name;

        @Option(names = "--model", defaultValue = "Computer", description = "default: ${DEFAULT-VALUE}")
        String model;

        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            Profile owner = workplace.profile();
            // asked first: the new secret is shown once
            boolean lacksPassword = owner.repository == null && workplace.hasBackup();
            Account.Device device = workplace.account().addDevice(name, model);
            if (owner.device == null) {
                owner.device =
                        new Profile.DeviceKey(device.id(), device.secret().reveal());
            }
            if (owner.repository == null && !lacksPassword) {
                owner.repository = new Profile.RepositoryKey(
                        "main", RepositoryPassword.random(workplace.random()).reveal());
            }
            workplace.save();
            String repository = "rest:"
                    + workplace
                            .client()
                            .regions()
                            .repository(owner.repository == null ? Workplace.REPOSITORY : owner.repository.name());
            if (json) {
                ObjectNode added = MAPPER.createObjectNode()
                        .put("deviceId", device.id())
                        .put("secret", device.secret().reveal())
                        .put("repository", repository);
                if (!lacksPassword) {
                    added.put("repositoryPassword", owner.repository.password());
                }
                print(added);
            }
            say("Device  " + device.id());
            say("Secret  " + device.secret().reveal());
            say("For stock restic: repository " + repository + ", user = device, password = secret.");
            if (lacksPassword) {
                say(Workplace.LACKS_PASSWORD);
            }
            return OK;
        }
    }

    @Command(
            name = "list",
            description = "Show the account's devices.",
            footer = "%nExample: ./domicile device list --json")
    static final class ListAll extends ClientCommand {
        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            print(workplace.account().devices());
            workplace.save();
            return OK;
        }
    }

    @Command(
            name = "revoke",
            description = "Take a device's access away at once.",
            footer = "%nExample: ./domicile device revoke AY…")
    static final class Revoke extends ClientCommand {
        @Parameters(paramLabel = "DEVICE", description = "the device's id, see 'device list'")
        String id;

        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            workplace.account().revokeDevice(id);
            Profile owner = workplace.profile();
            if (owner.device != null && owner.device.id().equals(id)) {
                owner.device = null;
            }
            workplace.save();
            say("The device is revoked.");
            return OK;
        }
    }
}
