package org.domicile.client.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionListTest {
    private static final String SERVICES = "\"account\":\"https://localhost:1\",\"backup\":\"https://localhost:2\","
            + "\"messaging\":\"https://localhost:3\",\"migration\":\"https://localhost:4\"";

    @TempDir
    Path temporary;

    @Test
    void the_list_of_the_account_service_is_read() throws Exception {
        RegionList list = parse("{\"regions\":[{\"id\":\"cn-north\",\"issuer\":\"https://localhost:9/realms/domicile\","
                + "\"public\":{" + SERVICES
                + "}}],\"push\":\"https://localhost:5\",\"backup\":\"https://localhost:6\"}");

        assertEquals(
                URI.create("https://localhost:1/v1/me"), list.get("cn-north").uri(Service.ACCOUNT, "/v1/me"));
        assertEquals(URI.create("https://localhost:6/restic/main/"), list.repository("main"));
        assertThrows(IOException.class, () -> list.get("mars"));
    }

    @Test
    void a_stack_describes_itself() throws Exception {
        Path home = Files.createDirectory(temporary.resolve(".domicile"));
        Files.writeString(
                home.resolve("stack.json"),
                "{\"ca\":\".domicile/ca.pem\",\"codes\":\".domicile/codes/\",\"operator\":{\"username\":\"op\",\"password\":\"pw\"},"
                        + "\"push\":\"https://localhost:5\",\"backup\":\"https://localhost:6\",\"regions\":{\"cn-north\":"
                        + "{\"issuer\":\"https://localhost:9/realms/domicile\",\"clientId\":\"domicile-device\","
                        + SERVICES
                        + "}}}");
        Files.createFile(home.resolve("ca.pem"));

        Stack stack = Stack.read(home);

        assertEquals(home.resolve("ca.pem").toAbsolutePath(), stack.ca().toAbsolutePath());
        assertEquals("op", stack.operator().username());
        assertEquals(
                URI.create("https://localhost:3"),
                stack.regions().get("cn-north").services().get(Service.MESSAGING));
        assertThrows(IOException.class, () -> Stack.read(temporary.resolve("nowhere")));
    }

    @Test
    void a_receipt_is_genuine_only_with_the_signature_of_its_region() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        String key = Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
        RegionList list =
                parse("{\"regions\":[{\"id\":\"cn-north\",\"issuer\":\"https://localhost:9\",\"signingKey\":\"" + key
                        + "\",\"public\":{" + SERVICES + "}}]}");
        String input = encode("{\"alg\":\"EdDSA\",\"kid\":\"cn-north\"}") + "." + encode("{\"moved\":true}");
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(pair.getPrivate());
        signer.update(input.getBytes(StandardCharsets.US_ASCII));
        String jws = input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signer.sign());

        assertEquals(
                true, SignedReceipt.verify(jws, list).payload().path("moved").asBoolean());
        String forged = jws.replace(encode("{\"moved\":true}"), encode("{\"moved\":false}"));
        assertThrows(IOException.class, () -> SignedReceipt.verify(forged, list));
        assertThrows(IOException.class, () -> SignedReceipt.verify("no receipt", list));
    }

    private static RegionList parse(String json) throws IOException {
        return RegionList.parse(Json.parse(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static String encode(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
