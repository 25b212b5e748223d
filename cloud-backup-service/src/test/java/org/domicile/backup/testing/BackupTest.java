package org.domicile.backup.testing;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.net.URI;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.testing.PlatformResource;

/** What the service's tests share: the real parts, an account, a client. */
@QuarkusTestResource(value = PlatformResource.class, initArgs = @ResourceArg(name = "service", value = "backup"))
@QuarkusTestResource(S3ProxyResource.class)
public abstract class BackupTest {
    @TestHTTPResource("/")
    protected URI base;

    @Inject
    protected Pool pool;

    protected TestAccount consenting() {
        return TestAccount.open(pool).consenting();
    }

    protected ResticHttp as(TestAccount account) {
        return new ResticHttp(base, account.basic());
    }

    protected DavHttp dav(TestAccount account) {
        return new DavHttp(base, account.basic());
    }

    protected ResticHttp as(TestAccount account, DeviceId device) {
        return new ResticHttp(base, account.basic(device));
    }

    protected ResticHttp withRepository(TestAccount account, String name) {
        var http = as(account);
        http.send("POST", "/restic/" + name + "/?create=true", null);
        return http;
    }
}
