package org.domicile.local.security;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Certificate and key of one part, as PEM files.
 *
 * @param keyAndCertificate both in one file, as Kafka wants them
 */
public record Identity(Path certificate, Path key, Path keyAndCertificate, Path authority) {
    static Identity in(Path folder, Path authority) {
        return new Identity(
                folder.resolve("certificate.pem"),
                folder.resolve("key.pem"),
                folder.resolve("identity.pem"),
                authority);
    }

    /** Settings with which a Kafka client or broker uses this identity. */
    public Map<String, String> kafka() {
        var settings = new LinkedHashMap<String, String>();
        settings.put("security.protocol", "SSL");
        settings.put("ssl.keystore.type", "PEM");
        settings.put("ssl.keystore.location", keyAndCertificate.toString());
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", authority.toString());
        return settings;
    }
}
