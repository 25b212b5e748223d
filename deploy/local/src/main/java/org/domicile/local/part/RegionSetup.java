package org.domicile.local.part;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import org.domicile.local.home.Built;
import org.domicile.local.home.Home;
import org.domicile.local.home.Secrets;
import org.domicile.local.port.Ports;
import org.domicile.local.process.Starter;
import org.domicile.local.security.Authority;
import org.domicile.local.security.Identity;

/**
 * What the parts of one region are made from.
 *
 * @param all every region of this run, this one included
 * @param http trusts the stack's authority
 */
public record RegionSetup(
        RegionSpec region,
        List<RegionSpec> all,
        Home home,
        Built built,
        Ports ports,
        Secrets secrets,
        Authority authority,
        Starter starter,
        HttpClient http) {
    public static final String LOOPBACK = "127.0.0.1";

    public String id() {
        return region.id();
    }

    /** The name of a part across regions, as in logs and pid files: {@code cn-north-kafka}. */
    public String nameOf(String part) {
        return nameOf(id(), part);
    }

    public static String nameOf(String region, String part) {
        return region + "-" + part;
    }

    public String portName(String part) {
        return id() + "." + part;
    }

    public int port(String part) {
        return ports.of(portName(part));
    }

    public String https(String part) {
        return "https://localhost:" + port(part);
    }

    public Path folder(String part) {
        return home.folderOf(id(), part);
    }

    public String secret(String name) {
        return secrets.of(id() + "." + name);
    }

    /** Certificate with the common name {@code <region>.<part>}. */
    public Identity identity(String part) {
        return authority.identity(folder(part).resolve("tls"), id() + "." + part);
    }

    /** The same with what was built elsewhere. */
    public RegionSetup with(Built other) {
        return new RegionSetup(region, all, home, other, ports, secrets, authority, starter, http);
    }

    public RegionSetup of(RegionSpec other) {
        return new RegionSetup(other, all, home, built, ports, secrets, authority, starter, http);
    }
}
