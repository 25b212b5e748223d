package org.domicile.backup.crash;

import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Arrays;
import org.domicile.backup.testing.DavHttp;
import org.domicile.backup.testing.ResticHttp;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.backup.testing.TestAccount;
import org.domicile.platform.testing.CrashingPlatform;
import org.domicile.platform.testing.PlatformResource;
import org.junit.jupiter.api.Test;

/** Uploads while the database is lost before and after every commit: what was good stays, and what is shown is whole. */
@QuarkusTest
@QuarkusTestResource(
        value = CrashingPlatform.class,
        initArgs = @ResourceArg(name = "service", value = "backup"),
        restrictToAnnotatedClass = true)
@QuarkusTestResource(S3ProxyResource.class)
class UploadCrashIT {
    private static final int ATTEMPTS = 60;

    @TestHTTPResource("/")
    URI base;

    @Inject
    Pool pool;

    @Test
    void a_file_is_the_last_one_that_was_stored_or_the_one_that_may_have_been() {
        var account = TestAccount.open(pool).consenting();
        var dav = new DavHttp(base, account.basic());
        var good = random(10_000);
        assertEquals(201, dav.put("letter.txt", good));
        PlatformResource.crashes().watch(account.id());

        for (var n = 0; n < ATTEMPTS && !survived("insert into webdav_contents"); n++) {
            var next = random(10_000);
            var stored = dav.put("letter.txt", next) / 100 == 2;
            var shown = whole(dav);
            if (stored) {
                assertArrayEquals(next, shown);
            } else {
                assertTrue(Arrays.equals(good, shown) || Arrays.equals(next, shown), "neither of the two contents");
            }
            good = shown;
        }

        assertTrue(survived("insert into webdav_contents"), "no crash at the commit of a content");
    }

    @Test
    void a_blob_that_may_have_been_stored_is_whole_if_it_is_shown() {
        var account = TestAccount.open(pool).consenting();
        var restic = new ResticHttp(base, account.basic());
        restic.send("POST", "/restic/phone/?create=true", null);
        PlatformResource.crashes().watch(account.id());

        for (var n = 0; n < ATTEMPTS && !survived("insert into blobs"); n++) {
            var content = random(10_000);
            var path = "/restic/phone/data/" + sha256(content);
            var stored = restic.status("POST", path, content) == 200;
            var shown = restic.send("GET", path, null);
            if (stored || shown.statusCode() != 404) {
                assertEquals(200, shown.statusCode());
                assertArrayEquals(content, shown.body());
            }
        }

        assertTrue(survived("insert into blobs"), "no crash at the commit of a blob");
    }

    private static byte[] whole(DavHttp dav) {
        var answer = dav.send("GET", "letter.txt", null);
        assertEquals(200, answer.statusCode());
        return answer.body();
    }

    private static boolean survived(String statement) {
        return PlatformResource.crashes().survived().stream().anyMatch(step -> step.contains(statement));
    }
}
