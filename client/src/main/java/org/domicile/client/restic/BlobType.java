package org.domicile.client.restic;

/** What a blob holds. A pack holds blobs of one type. */
public enum BlobType {
    DATA("data", 0),
    TREE("tree", 1);

    private final String json;
    private final int code;

    BlobType(String json, int code) {
        this.json = json;
        this.code = code;
    }

    String json() {
        return json;
    }

    int code() {
        return code;
    }

    static BlobType fromJson(String name) throws RepositoryException {
        for (BlobType type : values()) {
            if (type.json.equals(name)) {
                return type;
            }
        }
        throw new RepositoryException("The index names an unknown kind of blob: " + name);
    }
}
