package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.domicile.client.http.Http;
import org.domicile.client.http.ProblemException;

/** The WebDAV files that an owner's archive names: their content is not in it, and is fetched by WebDAV and held against its SHA-256. */
public final class ArchivedFiles {
    private static final String RESOURCES = "backup/webdav-resources.jsonl";
    private static final String CONTENTS = "backup/webdav-contents.jsonl";
    private static final String ROOT = "00000000-0000-0000-0000-000000000000";
    private static final int GONE = 404;

    private final Http http;
    private final URI root;
    private final String authorization;

    /** @param backup the origin that is the same whatever the region */
    public ArchivedFiles(Http http, URI backup, Account.Device device) {
        String login = device.id() + ":" + device.secret().reveal();
        this.http = http;
        this.root = URI.create(backup.toString().replaceAll("/+$", "") + "/dav/");
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What became of the files.
     *
     * @param fetched how many are as the archive says
     * @param changed paths of those that are not there any more, or have another content, since the archive was made; nothing of them is kept
     * @param trashed how many are in the trash, from where they are not fetched
     */
    public record Fetched(int fetched, List<String> changed, int trashed) {}

    /**
     * Fetches all of them.
     *
     * @param archive as {@link Account#archive} gives it
     * @param folder where they go, under their paths; files that are there are replaced
     */
    public Fetched fetch(byte[] archive, Path folder) throws IOException {
        Listing listing = Listing.of(archive);
        int fetched = 0;
        List<String> changed = new ArrayList<>();
        for (Map.Entry<List<String>, String> file : listing.files().entrySet()) {
            if (fetch(file.getKey(), file.getValue(), folder)) {
                fetched++;
            } else {
                changed.add(String.join("/", file.getKey()));
            }
        }
        return new Fetched(fetched, changed, listing.trashed());
    }

    private boolean fetch(List<String> names, String sha256, Path folder) throws IOException {
        Path target = below(folder, names);
        Files.createDirectories(target.getParent());
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            HttpRequest request = HttpRequest.newBuilder(root.resolve(encoded(names)))
                    .header("Authorization", authorization)
                    .GET()
                    .build();
            http.send(request, true, into(part));
            if (!sha256(part).equals(sha256)) {
                return false;
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } catch (ProblemException e) {
            if (e.status() == GONE) {
                return false;
            }
            throw e;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Names come from the service: none may lead out of the folder. */
    private static Path below(Path folder, List<String> names) throws IOException {
        Path within = folder.toAbsolutePath().normalize();
        Path target = within;
        for (String name : names) {
            target = target.resolve(name).normalize();
            if (!target.startsWith(within) || target.equals(within)) {
                throw new IOException("A name in the archive leads out of the folder: " + String.join("/", names));
            }
        }
        return target;
    }

    /** A refusal is read to be told; a content goes to the disk as it comes. */
    private static BodyHandler<byte[]> into(Path file) {
        return answer -> answer.statusCode() / 100 == 2
                ? BodySubscribers.mapping(BodySubscribers.ofFile(file), path -> new byte[0])
                : BodySubscribers.ofByteArray();
    }

    private static String encoded(List<String> names) {
        return names.stream()
                .map(name -> URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/", "./", ""));
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param files names from the root down → SHA-256 of the content */
    private record Listing(Map<List<String>, String> files, int trashed) {
        /** @param contentId absent for a folder */
        private record Resource(String parent, String name, String contentId, boolean trashed) {}

        static Listing of(byte[] archive) throws IOException {
            Map<String, Resource> resources = new LinkedHashMap<>();
            Map<String, String> contents = new HashMap<>();
            try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    if (entry.getName().equals(RESOURCES)) {
                        for (JsonNode line : lines(zip)) {
                            resources.put(key(line), resource(line.path("data")));
                        }
                    } else if (entry.getName().equals(CONTENTS)) {
                        for (JsonNode line : lines(zip)) {
                            contents.put(
                                    key(line),
                                    details(line.path("data")).path("sha256").asText());
                        }
                    }
                }
            }
            return of(resources, contents);
        }

        private static Listing of(Map<String, Resource> resources, Map<String, String> contents) throws IOException {
            Map<List<String>, String> files = new LinkedHashMap<>();
            int trashed = 0;
            for (Resource resource : resources.values()) {
                if (resource.contentId() != null && resource.trashed()) {
                    trashed++;
                } else if (resource.contentId() != null) {
                    files.put(names(resources, resource), contents.getOrDefault(resource.contentId(), ""));
                }
            }
            return new Listing(files, trashed);
        }

        private static List<String> names(Map<String, Resource> resources, Resource file) throws IOException {
            List<String> names = new ArrayList<>();
            for (Resource at = file; at != null; at = resources.get(at.parent())) {
                names.add(0, at.name());
                if (names.size() > resources.size()
                        || !(at.parent().equals(ROOT) || resources.containsKey(at.parent()))) {
                    throw new IOException("The archive does not say in which folder a file is: order another");
                }
            }
            return names;
        }

        private static Resource resource(JsonNode data) throws IOException {
            return new Resource(
                    data.path("parent_id").asText(),
                    details(data).path("name").asText(),
                    data.path("content_id").asText(null),
                    data.hasNonNull("trashed_at"));
        }

        /** The details of a record are JSON in a text. */
        private static JsonNode details(JsonNode data) throws IOException {
            return Json.parse(data.path("details").asText().getBytes(StandardCharsets.UTF_8));
        }

        private static String key(JsonNode line) throws IOException {
            return Json.parse(line.path("key").asText().getBytes(StandardCharsets.UTF_8))
                    .path(0)
                    .asText();
        }

        /** Of the entry that the zip is at. */
        private static List<JsonNode> lines(ZipInputStream zip) throws IOException {
            BufferedReader reader = new BufferedReader(new InputStreamReader(zip, StandardCharsets.UTF_8));
            List<JsonNode> lines = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(Json.parse(line.getBytes(StandardCharsets.UTF_8)));
            }
            return lines;
        }
    }
}
