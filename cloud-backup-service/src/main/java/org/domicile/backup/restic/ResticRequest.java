package org.domicile.backup.restic;

import io.vertx.core.http.HttpMethod;
import org.domicile.backup.blob.BlobKey;
import org.domicile.backup.blob.BlobType;
import org.domicile.backup.repository.RepositoryName;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** A valid request of the restic REST protocol, version 2 (restic's doc/REST_backend.rst), parsed before anything handles it. */
public sealed interface ResticRequest {
    String PREFIX = "/restic/";

    record CreateRepository(RepositoryName repository) implements ResticRequest {}

    record DeleteRepository(RepositoryName repository) implements ResticRequest {}

    record ListBlobs(RepositoryName repository, BlobType type) implements ResticRequest {}

    record BlobRequest(Verb verb, BlobKey key) implements ResticRequest {}

    /** What can be done to a blob. */
    enum Verb {
        HEAD,
        GET,
        POST,
        DELETE
    }

    /**
     * @param path as received: nothing is decoded, so that no two spellings mean the same
     * @param create whether the query says {@code create=true}
     * @throws ProblemException INVALID_REQUEST, NOT_FOUND or METHOD_NOT_ALLOWED
     */
    static ResticRequest parse(HttpMethod method, String path, boolean create) {
        if (!path.startsWith(PREFIX)) {
            throw new ProblemException(ErrorCode.NOT_FOUND, "Ask for /restic/{repository}/.");
        }
        var parts = path.substring(PREFIX.length()).split("/", -1);
        var repository = RepositoryName.parse(parts[0]);
        if (parts.length == 1 || parts.length == 2 && parts[1].isEmpty()) {
            return repository(method, repository, create);
        }
        var type = BlobType.find(parts[1])
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.NOT_FOUND, "Use one of data, keys, locks, snapshots, index and config."));
        if (type == BlobType.CONFIG) {
            return new BlobRequest(parts.length == 2 ? verb(method) : invalid(), BlobKey.config(repository));
        }
        if (parts.length == 2 || parts.length == 3 && parts[2].isEmpty()) {
            return list(method, repository, type);
        }
        return new BlobRequest(parts.length == 3 ? verb(method) : invalid(), BlobKey.of(repository, type, parts[2]));
    }

    private static ResticRequest repository(HttpMethod method, RepositoryName repository, boolean create) {
        if (method == HttpMethod.DELETE) {
            return new DeleteRepository(repository);
        }
        if (method != HttpMethod.POST) {
            throw notAllowed();
        }
        if (!create) {
            throw new ProblemException(ErrorCode.INVALID_REQUEST, "Add ?create=true to make a repository.");
        }
        return new CreateRepository(repository);
    }

    private static ResticRequest list(HttpMethod method, RepositoryName repository, BlobType type) {
        if (method != HttpMethod.GET) {
            throw notAllowed();
        }
        return new ListBlobs(repository, type);
    }

    private static Verb verb(HttpMethod method) {
        return switch (method.name()) {
            case "HEAD" -> Verb.HEAD;
            case "GET" -> Verb.GET;
            case "POST" -> Verb.POST;
            case "DELETE" -> Verb.DELETE;
            default -> throw notAllowed();
        };
    }

    private static Verb invalid() {
        throw new ProblemException(ErrorCode.NOT_FOUND, "Ask for /restic/{repository}/{type}/{name}.");
    }

    private static ProblemException notAllowed() {
        return new ProblemException(
                ErrorCode.METHOD_NOT_ALLOWED, "Use HEAD, GET, POST or DELETE as the protocol says.");
    }
}
