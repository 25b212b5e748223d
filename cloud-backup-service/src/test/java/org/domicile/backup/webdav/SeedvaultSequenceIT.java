package org.domicile.backup.webdav;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import org.domicile.backup.testing.BackupTest;
import org.junit.jupiter.api.Test;

/** The requests of Seedvault's WebDAV backend, in its order and with its headers (its {@code core/backends/webdav}). */
@QuarkusTest
class SeedvaultSequenceIT extends BackupTest {
    private static final String ROOT = ".SeedVaultAndroidBackup";

    @Test
    void a_phone_sets_up_backs_up_lists_restores_renames_and_removes() {
        var http = dav(consenting());
        assertEquals(
                "1", http.send("OPTIONS", "", null).headers().firstValue("DAV").orElse(""));
        var absent = http.find(ROOT, "0", "displayname", "resourcetype");
        assertTrue(absent.startsWith("404"), absent);
        assertEquals(201, http.status("MKCOL", ROOT, null));
        var free = http.find(ROOT + "/", "0", "quota-available-bytes");
        assertTrue(free.matches("(?s)207.*<D:quota-available-bytes>[1-9][0-9]+</D:quota-available-bytes>.*"), free);

        var repository = sha256(random(32));
        var snapshot = ROOT + "/" + repository + "/" + sha256(random(8)) + ".snapshot";
        var blobName = sha256(random(8));
        var blob = ROOT + "/" + repository + "/" + blobName.substring(0, 2) + "/" + blobName;
        var folderOfBlob = ROOT + "/" + repository + "/" + blobName.substring(0, 2);
        assertTrue(http.find(folderOfBlob, "0", "displayname", "resourcetype").startsWith("404"));
        assertEquals(409, http.status("MKCOL", folderOfBlob, null));
        assertEquals(201, http.status("MKCOL", ROOT + "/" + repository, null));
        assertEquals(201, http.status("MKCOL", folderOfBlob, null));
        var content = random(5_000_000);
        assertEquals(
                201,
                http.chunked(blob, content, "Content-Type", "application/octet-stream")
                        .statusCode());
        assertEquals(201, http.chunked(snapshot, random(1337)).statusCode());

        var all = http.find(ROOT + "/", "infinity", "displayname", "resourcetype", "getcontentlength");
        assertTrue(all.contains("/dav/" + ROOT + "/</D:href>"), all);
        assertTrue(all.contains("/dav/" + blob + "</D:href>"), all);
        assertTrue(all.contains("<D:getcontentlength>5000000</D:getcontentlength>"), all);
        assertTrue(all.contains("<D:getcontentlength>1337</D:getcontentlength>"), all);
        var loaded = http.send("GET", blob, null, "Accept", "");
        assertEquals(200, loaded.statusCode());
        assertArrayEquals(content, loaded.body());

        assertEquals(204, http.status("DELETE", snapshot, null));
        assertEquals(404, http.status("DELETE", snapshot, null));
        assertEquals(204, http.status("DELETE", ROOT + "/", null));
        assertTrue(http.find(ROOT + "/", "infinity", "resourcetype").startsWith("404"));
    }

    @Test
    void a_top_level_folder_is_renamed_but_never_over_another() {
        var http = dav(consenting());
        http.send("MKCOL", ROOT, null);
        var from = ROOT + "/0123456789abcdef.sv";
        var to = ROOT + "/0123456789abcdee.sv";
        var restoreSet = ROOT + "/1700000000000";
        http.send("MKCOL", from, null);
        http.send("MKCOL", restoreSet, null);
        http.chunked(from + "/1700000000000.SeedSnap", "snap".getBytes(UTF_8));
        http.chunked(restoreSet + "/.backup.metadata", "meta".getBytes(UTF_8));

        assertEquals(
                201, http.status("MOVE", from + "/", null, "Destination", http.address(to + "/"), "Overwrite", "F"));
        assertEquals(
                412,
                http.status("MOVE", to + "/", null, "Destination", http.address(restoreSet + "/"), "Overwrite", "F"));
        assertEquals(
                412,
                http.status("MOVE", to + "/", null, "Destination", http.address(restoreSet + "/"), "Overwrite", "T"));

        assertEquals("snap", new String(http.get(to + "/1700000000000.SeedSnap"), UTF_8));
        var head = http.send("HEAD", restoreSet + "/.backup.metadata", null);
        assertEquals(4, head.headers().firstValueAsLong("content-length").orElse(-1));
    }
}
