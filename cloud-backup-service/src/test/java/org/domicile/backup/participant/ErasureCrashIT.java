package org.domicile.backup.participant;

import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.domicile.backup.testing.DavHttp;
import org.domicile.backup.testing.ResticHttp;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.backup.testing.TestAccount;
import org.domicile.platform.testing.CrashingPlatform;
import org.domicile.platform.testing.ErasedAccounts;
import org.domicile.platform.testing.PlatformResource;
import org.junit.jupiter.api.Test;

/** This service's part of an erasure, while the database is lost before and after every commit: no row and no object is left. */
@QuarkusTest
@QuarkusTestResource(
        value = CrashingPlatform.class,
        initArgs = @ResourceArg(name = "service", value = "backup"),
        restrictToAnnotatedClass = true)
@QuarkusTestResource(S3ProxyResource.class)
class ErasureCrashIT {
    /** Each step is lost twice, and has to be seen to succeed. */
    private static final int ACCOUNTS = 3;

    @TestHTTPResource("/")
    URI base;

    @Inject
    Pool pool;

    /** Past what is broken. */
    @Inject
    AgroalDataSource direct;

    @Test
    void an_erasure_ends_wherever_the_database_is_lost() {
        var accounts = Stream.generate(this::withBackups).limit(ACCOUNTS).toList();
        var erased = new ErasedAccounts(direct, Set.of());
        accounts.forEach(account -> PlatformResource.crashes().watch(account.id()));

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture.allOf(accounts.stream()
                            .map(account -> CompletableFuture.runAsync(
                                    () -> erased.erase(account.id(), UUID.randomUUID()), threads))
                            .toArray(CompletableFuture[]::new))
                    .join();
        }

        assertEquals(List.of(), erased.untried(PlatformResource.crashes()), "no crash while these were emptied");
        for (var account : accounts) {
            assertEquals(0, S3ProxyResource.count(account.id().toString()), "objects");
        }
    }

    private TestAccount withBackups() {
        var account = TestAccount.open(pool).consenting();
        var restic = new ResticHttp(base, account.basic());
        var content = random(10_000);
        restic.send("POST", "/restic/phone/?create=true", null);
        assertEquals(200, restic.status("POST", "/restic/phone/data/" + sha256(content), content));
        assertEquals(201, new DavHttp(base, account.basic()).put("letter.txt", content));
        assertTrue(S3ProxyResource.count(account.id().toString()) > 1);
        return account;
    }
}
