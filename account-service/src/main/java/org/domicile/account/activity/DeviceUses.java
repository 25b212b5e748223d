package org.domicile.account.activity;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.domicile.account.export.ExportConfig;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.DeviceUseEndpoint;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.region.ServiceIdentity;

/** When an account's devices were last let in, asked of every service of the region that holds data of accounts, over mutual TLS. */
@ApplicationScoped
public class DeviceUses {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final PeerClient peers;
    private final ServiceIdentity identity;
    private final ExportConfig config;

    @Inject
    public DeviceUses(PeerClient peers, ServiceIdentity identity, ExportConfig config) {
        this.peers = peers;
        this.identity = identity;
        this.config = config;
    }

    /** @return empty if never; fails if a service does not answer: nobody is inactive because a service is away */
    Uni<Optional<Instant>> last(AccountId account) {
        return Multi.createFrom()
                .iterable(config.services())
                .onItem()
                .transformToUniAndConcatenate(service -> ask(service, account))
                .collect()
                .asList()
                .map(answers -> answers.stream().flatMap(Optional::stream).max(Comparator.naturalOrder()));
    }

    private Uni<Optional<Instant>> ask(String service, AccountId account) {
        var request = peers.request(HttpMethod.GET, identity.region(), service, DeviceUseEndpoint.PATH + "/" + account)
                .setTimeout(TIMEOUT.toMillis());
        return peers.ask(request, null).map(answer -> {
            if (answer.status() != 200) {
                throw new IllegalStateException(service + " answered " + answer.status());
            }
            return Optional.ofNullable(answer.body().toJsonObject().getString("at"))
                    .map(Instant::parse);
        });
    }
}
