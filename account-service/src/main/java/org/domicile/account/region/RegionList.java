package org.domicile.account.region;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What a client needs to start.
 *
 * @param self the answering region
 * @param push region-neutral push origin
 * @param backup region-neutral backup origin
 */
public record RegionList(String self, List<Entry> regions, Collection<Market> markets, URI push, URI backup) {
    /** @param services service name → base URL */
    public record Entry(String id, String jurisdiction, URI issuer, String clientId, Map<String, URI> services) {}
}
