package org.domicile.local.part;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings that every service of a region has: who it is, its keys and certificates, Kafka, sign-in and log.
 *
 * @param id as in configuration, URLs and Kafka principals
 */
record ServiceSettings(RegionSetup setup, String id, World world) {
    static String peer(String id) {
        return id + "-peer";
    }

    Map<String, Object> common() {
        var s = new LinkedHashMap<String, Object>();
        s.put("domicile.region", setup.id());
        s.put("domicile.service", id);
        s.put("domicile.regions.file", world.regionsFile());
        s.put("domicile.regions.key", world.regionsKey());
        s.put("domicile.consent.policy-versions", "2026-01");
        s.put("domicile.fence.deadline", "5s");
        tls(s);
        s.put("quarkus.oidc.auth-server-url", KeycloakPart.issuer(setup));
        s.put("quarkus.tls.oidc.trust-store.pem.certs", setup.identity(id).authority());
        s.put("quarkus.oidc.tls.tls-configuration-name", "oidc");
        s.put("quarkus.log.console.format", "%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%c{2.}] %s%e%n");
        s.put("quarkus.log.category.\"io.smallrye.health\".level", "ERROR");
        s.put("quarkus.banner.enabled", "false");
        s.put("quarkus.datasource.reactive.max-size", 12);
        return s;
    }

    /** What stands in {@code <region>.properties} of the stack's folder is for all services of that region, and wins. */
    Map<String, Object> overridden(Map<String, Object> settings) {
        settings.putAll(PropertiesFile.read(setup.home().file(setup.id() + ".properties")));
        return settings;
    }

    private void tls(Map<String, Object> s) {
        var identity = setup.identity(id);
        s.put("quarkus.http.host", RegionSetup.LOOPBACK);
        s.put("quarkus.http.ssl-port", setup.port(id));
        s.put("quarkus.http.insecure-requests", "disabled");
        s.put("quarkus.http.port", 0);
        s.put("quarkus.tls.key-store.pem.0.cert", identity.certificate());
        s.put("quarkus.tls.key-store.pem.0.key", identity.key());
        s.put("quarkus.tls.trust-store.pem.certs", identity.authority());
        s.put("domicile.peer.host", RegionSetup.LOOPBACK);
        s.put("domicile.peer.port", setup.port(peer(id)));
        s.put("domicile.peer.certificate", identity.certificate());
        s.put("domicile.peer.key", identity.key());
        s.put("domicile.peer.ca", identity.authority());
        for (var near : world.peers()) {
            s.put("domicile.peer.near." + near, setup.https(peer(near)));
        }
        s.put("kafka.bootstrap.servers", KafkaPart.bootstrap(setup));
        identity.kafka().forEach((key, value) -> s.put("kafka." + key, value));
    }

    /** @param source {@code quarkus.datasource.} or a named one, with the dot */
    static void database(
            Map<String, Object> s, String source, RegionSetup setup, String database, String user, String password) {
        var address = "postgresql://" + RegionSetup.LOOPBACK + ":" + setup.port(PostgresPart.PART) + "/" + database;
        s.put(source + "username", user);
        s.put(source + "password", password);
        s.put(source + "reactive.url", address);
        s.put(source + "jdbc.url", "jdbc:" + address);
    }
}
