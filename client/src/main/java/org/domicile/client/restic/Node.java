package org.domicile.client.restic;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * One entry of a tree, with the field names and the order that restic writes.
 *
 * @param name quoted, see {@link QuotedName}
 * @param type {@code file}, {@code dir}, {@code symlink} or one that this client does not restore
 * @param mode as Go's {@code fs.FileMode}, see {@link FileMode}
 * @param mtime RFC 3339 with nanoseconds
 * @param size bytes of a file
 * @param content the data blobs of a file in order; null for anything else
 * @param subtree the tree blob of a folder
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
@JsonPropertyOrder({
    "name",
    "type",
    "mode",
    "mtime",
    "atime",
    "ctime",
    "uid",
    "gid",
    "user",
    "group",
    "inode",
    "device_id",
    "size",
    "links",
    "linktarget",
    "linktarget_raw",
    "content",
    "subtree"
})
record Node(
        @JsonProperty("name") String name,
        @JsonProperty("type") String type,
        @JsonProperty("mode") long mode,
        @JsonProperty("mtime") String mtime,
        @JsonProperty("atime") String atime,
        @JsonProperty("ctime") String ctime,

        @JsonProperty("uid") @JsonInclude(JsonInclude.Include.ALWAYS)
        long uid,

        @JsonProperty("gid") @JsonInclude(JsonInclude.Include.ALWAYS)
        long gid,

        @JsonProperty("user") String user,
        @JsonProperty("group") String group,
        @JsonProperty("inode") long inode,
        @JsonProperty("device_id") long deviceId,
        @JsonProperty("size") long size,
        @JsonProperty("links") long links,
        @JsonProperty("linktarget") String linkTarget,
        @JsonProperty("linktarget_raw") byte[] linkTargetRaw,

        @JsonProperty("content") @JsonInclude(JsonInclude.Include.ALWAYS)
        List<String> content,

        @JsonProperty("subtree") String subtree) {

    static final String FILE = "file";
    static final String FOLDER = "dir";
    static final String LINK = "symlink";

    boolean isFile() {
        return FILE.equals(type);
    }

    boolean isFolder() {
        return FOLDER.equals(type) && subtree != null;
    }

    boolean isLink() {
        return LINK.equals(type);
    }

    /**
     * The name's bytes.
     *
     * @throws RepositoryException for a name that would lead out of its folder
     */
    byte[] safeName() throws RepositoryException {
        byte[] bytes = QuotedName.unquote(name);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (Set.of("", ".", "..").contains(text) || text.indexOf('/') >= 0 || text.indexOf(0) >= 0) {
            throw new RepositoryException("The snapshot holds a file name that leads outside the folder: " + name);
        }
        return bytes;
    }

    Node withContent(List<String> blobs, long bytes) {
        return new Node(
                name,
                type,
                mode,
                mtime,
                atime,
                ctime,
                uid,
                gid,
                user,
                group,
                inode,
                deviceId,
                bytes,
                links,
                linkTarget,
                linkTargetRaw,
                blobs,
                subtree);
    }

    Node withSubtree(Id tree) {
        return new Node(
                name,
                type,
                mode,
                mtime,
                atime,
                ctime,
                uid,
                gid,
                user,
                group,
                inode,
                deviceId,
                0,
                0,
                linkTarget,
                linkTargetRaw,
                content,
                tree.toString());
    }
}
