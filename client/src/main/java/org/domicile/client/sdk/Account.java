package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What an owner may do with their own account. */
public final class Account {
    private static final String ME = "/v1/me";

    private final Session session;

    public Account(Session session) {
        this.session = session;
    }

    /** A device's credential, shown once. */
    public record Device(String id, Secret secret) {}

    public JsonNode show() throws IOException {
        return session.get(Service.ACCOUNT, ME);
    }

    /**
     * Asks for another e-mail address or phone number; a code goes to it. Needs a sign-in of the last minutes.
     *
     * @return with {@code waiting}: what waits for a code; without it, the account has it already
     */
    public JsonNode change(Identifier identifier) throws IOException {
        return session.patch(
                Service.ACCOUNT, ME, Json.object().put(identifier.kind().field(), identifier.value()));
    }

    /** Says that the owner is a minor no more; the guardian is sent a code. @return as {@link #change} */
    public JsonNode comeOfAge() throws IOException {
        return session.patch(Service.ACCOUNT, ME, Json.object().put("ageBand", "adult"));
    }

    /** Gives the code that something waits for. */
    public JsonNode confirm(String confirmationId, String code) throws IOException {
        return session.post(
                Service.ACCOUNT,
                ME + "/confirmations/" + confirmationId,
                Json.object().put("code", code));
    }

    /** Needs a sign-in of the last minutes; all other sessions end. */
    public void changePassword(Secret password) throws IOException {
        session.put(Service.ACCOUNT, ME + "/password", Json.object().put("password", password.reveal()));
    }

    /** The passkeys that sign in to the account: an array, with {@code id}, {@code label} and {@code addedAt}. */
    public JsonNode passkeys() throws IOException {
        return session.get(Service.ACCOUNT, ME + "/passkeys").path("passkeys");
    }

    /** Needs a sign-in of the last minutes. */
    public void removePasskey(String id) throws IOException {
        session.delete(Service.ACCOUNT, ME + "/passkeys/" + id);
    }

    /** Where the owner is signed in: an array, newest first. */
    public JsonNode sessions() throws IOException {
        return session.get(Service.ACCOUNT, ME + "/sessions").path("sessions");
    }

    public void endSession(String id) throws IOException {
        session.delete(Service.ACCOUNT, ME + "/sessions/" + id);
    }

    /** All but this one. */
    public void endOtherSessions() throws IOException {
        session.delete(Service.ACCOUNT, ME + "/sessions");
    }

    /** Who confirms for a minor, and until when at most. @throws org.domicile.client.http.ProblemException 404 without one */
    public JsonNode guardian() throws IOException {
        return session.get(Service.ACCOUNT, ME + "/guardian");
    }

    /** Orders the erasure of everything; answers with the job. */
    public JsonNode erase() throws IOException {
        return session.delete(Service.ACCOUNT, ME);
    }

    /** Says that the account is used; answers with until when it is kept if nobody says so again. */
    public JsonNode keep() throws IOException {
        return session.post(Service.ACCOUNT, ME + "/activity", Json.object());
    }

    /** What the owner was told about data that is going to be deleted, newest first. */
    public JsonNode notices() throws IOException {
        return session.get(Service.ACCOUNT, ME + "/notices").path("notices");
    }

    /** Orders an archive of everything; answers with the job, whose {@code status} is asked until it is READY. */
    public JsonNode export() throws IOException {
        return session.post(Service.ACCOUNT, ME + "/export", Json.object());
    }

    /** @param job what {@link #export} answered, or this */
    public JsonNode exportState(JsonNode job) throws IOException {
        return session.get(Service.ACCOUNT, job.path("status").asText());
    }

    /**
     * The zip of a job that is READY.
     *
     * @throws IOException if it is not the one whose SHA-256 the job names
     */
    public byte[] archive(JsonNode job) throws IOException {
        byte[] archive = session.bytes(Service.ACCOUNT, job.path("archive").asText());
        if (!sha256(archive).equals(job.path("sha256").asText())) {
            throw new IOException("The archive arrived damaged: fetch it again");
        }
        return archive;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public JsonNode consents() throws IOException {
        return session.get(Service.ACCOUNT, ME + "/consents");
    }

    /** The version of the policy that an owner agrees to now. */
    public String policyInForce() throws IOException {
        return consents().path("policyVersion").asText(null);
    }

    /** @param policyVersion the text that the owner was shown; answers with {@code waitsFor} while a minor's guardian must agree */
    public JsonNode consent(String feature, boolean granted, String policyVersion) throws IOException {
        return session.put(
                Service.ACCOUNT,
                ME + "/consents/" + feature,
                Json.object().put("granted", granted).put("policyVersion", policyVersion));
    }

    public JsonNode devices() throws IOException {
        return session.get(Service.ACCOUNT, ME + "/devices");
    }

    public Device addDevice(String name, String model) throws IOException {
        JsonNode json = session.post(
                Service.ACCOUNT,
                ME + "/devices",
                Json.object().put("name", name).put("model", model));
        return new Device(
                json.path("deviceId").asText(), new Secret(json.path("secret").asText()));
    }

    public void revokeDevice(String deviceId) throws IOException {
        session.delete(Service.ACCOUNT, ME + "/devices/" + deviceId);
    }

    /** Home region, epoch, history and receipts. */
    public JsonNode residency() throws IOException {
        return session.get(Service.ACCOUNT, ME + "/residency");
    }

    /** What is stored, by whichever device: an array, with {@code name} and more. */
    public JsonNode repositories() throws IOException {
        return session.get(Service.BACKUP, ME + "/repositories").path("repositories");
    }

    public JsonNode usage() throws IOException {
        return session.get(Service.BACKUP, ME + "/usage");
    }
}
