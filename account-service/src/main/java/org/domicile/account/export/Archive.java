package org.domicile.account.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The zip that an owner gets: per service and class of data one file of JSON Lines, a text that explains it, and
 * {@code manifest.json} with the count, size and SHA-256 of every file. Written as a stream; nothing is held but one record.
 */
final class Archive implements AutoCloseable {
    /** Under which its pieces are sealed. */
    static final String FIELD = "export";

    private static final String FORMAT = "domicile-export-1";
    private static final String EXPLANATION = """
            This archive holds what Domicile stores about your account, one folder per service.
            *.jsonl   one record a line, JSON (UTF-8)
            backup/backups.jsonl   the files of your restic repositories by name, size and SHA-256. Their content is encrypted with
                      your own password; fetch it with restic itself: restic copy, or restic restore.
            backup/webdav-resources.jsonl   names and folders of what you keep by WebDAV, backup/webdav-contents.jsonl   size and SHA-256 of it.
                      The content is as large as your quota allows; fetch it with any WebDAV client, such as rclone copy,
                      or, held against this archive, with domicile account export --with-files.
            account/sessions.jsonl   where you are signed in
            messaging/messages.jsonl   messages that wait for a device; only that device can read them
            migration/receipts.jsonl   signed receipts of consents, moves and purges; migration/moves.jsonl   where the account has moved
            manifest.json   count, size and SHA-256 of every file
            Left out: hashes of passwords and of device secrets, which prove you to us and would only help a thief.
            """;

    private final ZipOutputStream zip;
    private final JsonArray files = new JsonArray();
    private final JsonObject manifest;

    /** @param manifest what the manifest says about the archive as a whole */
    Archive(OutputStream out, JsonObject manifest) throws IOException {
        this.zip = new ZipOutputStream(out, UTF_8);
        this.manifest = manifest;
        file("README.txt", sink -> {
            sink.write(EXPLANATION.getBytes(UTF_8));
            return 1;
        });
    }

    /** Writes records of a file. */
    @FunctionalInterface
    interface Content {
        /** @return how many records were written */
        long writeTo(OutputStream sink) throws IOException;
    }

    void file(String path, Content content) throws IOException {
        zip.putNextEntry(new ZipEntry(path));
        var sink = new Measured(zip);
        var records = content.writeTo(sink);
        zip.closeEntry();
        files.add(new JsonObject()
                .put("path", path)
                .put("records", records)
                .put("bytes", sink.bytes())
                .put("sha256", sink.sha256()));
    }

    /** Adds the manifest and ends the zip. */
    @Override
    public void close() throws IOException {
        zip.putNextEntry(new ZipEntry("manifest.json"));
        zip.write(manifest.copy()
                .put("format", FORMAT)
                .put("files", files)
                .encodePrettily()
                .getBytes(UTF_8));
        zip.closeEntry();
        zip.close();
    }
}
