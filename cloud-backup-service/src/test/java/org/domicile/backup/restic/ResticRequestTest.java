package org.domicile.backup.restic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import org.domicile.backup.blob.BlobKey;
import org.domicile.backup.blob.BlobType;
import org.domicile.backup.repository.RepositoryName;
import org.domicile.backup.restic.ResticRequest.BlobRequest;
import org.domicile.backup.restic.ResticRequest.CreateRepository;
import org.domicile.backup.restic.ResticRequest.ListBlobs;
import org.domicile.backup.restic.ResticRequest.Verb;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResticRequestTest {
    private static final String NAME = "0123456789abcdef".repeat(4);
    private static final RepositoryName PHONE = new RepositoryName("phone");

    @Test
    void the_calls_of_the_protocol_are_understood() {
        assertEquals(new CreateRepository(PHONE), ResticRequest.parse(HttpMethod.POST, "/restic/phone/", true));
        assertEquals(
                new ListBlobs(PHONE, BlobType.INDEX),
                ResticRequest.parse(HttpMethod.GET, "/restic/phone/index/", false));
        assertEquals(
                new BlobRequest(Verb.HEAD, BlobKey.config(PHONE)),
                ResticRequest.parse(HttpMethod.HEAD, "/restic/phone/config", false));
        assertEquals(
                new BlobRequest(Verb.POST, new BlobKey(PHONE, BlobType.DATA, NAME)),
                ResticRequest.parse(HttpMethod.POST, "/restic/phone/data/" + NAME, false));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /restic/../config, INVALID_REQUEST",
        "GET, /restic//config, INVALID_REQUEST",
        "GET, /restic/a%00/config, INVALID_REQUEST",
        "GET, /restic/phone/data/ABCDEF, INVALID_REQUEST",
        "GET, /restic/phone/data/../config, NOT_FOUND",
        "GET, /restic/phone/other/, NOT_FOUND",
        "GET, /restic/phone/config/x, NOT_FOUND",
        "PUT, /restic/phone/config, METHOD_NOT_ALLOWED",
        "GET, /restic/phone/, METHOD_NOT_ALLOWED",
        "POST, /restic/phone/, INVALID_REQUEST",
    })
    void anything_else_is_refused(String method, String path, ErrorCode expected) {
        var problem = assertThrows(
                ProblemException.class, () -> ResticRequest.parse(HttpMethod.valueOf(method), path, false));

        assertEquals(expected, problem.code());
    }

    @Test
    void ranges_are_read_as_the_rfc_says() {
        assertEquals(Optional.empty(), ByteRange.parse(null, 10));
        assertEquals(Optional.empty(), ByteRange.parse("bytes=0-1,4-5", 10));
        assertEquals(Optional.of(new ByteRange(2, 3)), ByteRange.parse("bytes=2-4", 10));
        assertEquals(Optional.of(new ByteRange(2, 8)), ByteRange.parse("bytes=2-", 10));
        assertEquals(Optional.of(new ByteRange(2, 8)), ByteRange.parse("bytes=2-99", 10));
        assertEquals(Optional.of(new ByteRange(7, 3)), ByteRange.parse("bytes=-3", 10));
        assertEquals(Optional.of(new ByteRange(0, 10)), ByteRange.parse("bytes=-30", 10));
        assertThrows(ByteRange.Unsatisfiable.class, () -> ByteRange.parse("bytes=10-", 10));
    }
}
