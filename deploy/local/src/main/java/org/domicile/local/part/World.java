package org.domicile.local.part;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.domicile.local.LocalFailure;
import org.domicile.local.StackOptions;
import org.domicile.local.home.Home;
import org.domicile.local.home.PrivateFiles;
import org.domicile.local.port.Ports;
import org.domicile.local.security.SigningKey;

/**
 * What all regions agree on: the signed list of regions, the placement of markets and the keys of push endpoints. The local stack starts as the world
 * was before the great move: all but China's own accounts live in {@code cn-north} and belong elsewhere.
 */
public final class World {
    public static final String PUSH = "push";
    public static final String BACKUP = "backup";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int KEY_BYTES = 32;

    private final Home home;
    private final Ports ports;
    private final StackOptions options;

    public World(Home home, Ports ports, StackOptions options) {
        this.home = home;
        this.ports = ports;
        this.options = options;
    }

    public boolean hasShop() {
        return options.shop();
    }

    /** All in a region that other regions call. */
    public List<String> peers() {
        var peers =
                new ArrayList<>(Arrays.stream(Service.values()).map(Service::id).toList());
        if (hasShop()) {
            peers.add(ShopPart.ID);
        }
        return peers;
    }

    /** The port on which a service of a region is called by other services. */
    public static int peerPort(RegionSetup setup, String id) {
        return setup.port(ServiceSettings.peer(id));
    }

    /** The port of the link to a region's service. */
    public static String linkTo(RegionSetup setup, String id) {
        return setup.portName("link-" + id);
    }

    public String pushOrigin() {
        return "https://localhost:" + ports.of(PUSH);
    }

    public String backupOrigin() {
        return "https://localhost:" + ports.of(BACKUP);
    }

    Path regionsFile() {
        return home.file("regions.jws");
    }

    Path regionsKey() {
        return listKey().publicFile();
    }

    Path placementFile() {
        return home.file("placement.json");
    }

    public SigningKey signingKey(String region) {
        return SigningKey.in(home.file("keys"), region);
    }

    Path routingKeysFile() {
        return home.file("routing-keys.json");
    }

    private SigningKey listKey() {
        return SigningKey.in(home.file("keys"), "regions");
    }

    /**
     * Writes the list of regions and the placement, and makes the keys that push endpoints are spelled with once. The same content gives
     * the same list.
     */
    public void write(List<RegionSetup> setups) {
        var list = new LinkedHashMap<String, Object>();
        list.put("version", 1);
        list.put("regions", setups.stream().map(this::region).toList());
        list.put(PUSH, pushOrigin());
        list.put(BACKUP, backupOrigin());
        PrivateFiles.write(regionsFile(), listKey().jws("regions", json(list)) + "\n");

        PrivateFiles.write(
                placementFile(),
                json(placement(setups.stream().map(RegionSetup::id).toList())));
        marketsFile().ifPresent(this::writeMarkets);
        if (!Files.exists(routingKeysFile())) {
            var keys = Map.of("current", "1", "keys", Map.of("1", key(new SecureRandom())));
            PrivateFiles.write(routingKeysFile(), json(keys));
        }
    }

    /** The law with the shop as a class of data, if there is a shop. */
    Optional<Path> marketsFile() {
        return hasShop() ? Optional.of(home.file("markets.yaml")) : Optional.empty();
    }

    private void writeMarkets(Path file) {
        var packaged = PrivateFiles.read(home.sources().resolve("platform/src/main/resources/law/markets.yaml"));
        var classes = "data_classes: [";
        if (!packaged.contains(classes)) {
            throw new LocalFailure("The packaged markets.yaml names no data classes: the shop cannot be one.");
        }
        PrivateFiles.write(file, packaged.replace(classes, classes + ShopPart.ID + ", "));
    }

    /** @param running the regions of the stack: where one of the two is missing, the other has all markets */
    static Map<String, Map<String, String>> placement(List<String> running) {
        var placement = new LinkedHashMap<String, Map<String, String>>();
        placement.put("CN", places(running, "cn-north", "cn-north"));
        placement.put("SG", places(running, "cn-north", "ap-southeast"));
        placement.put("IN", places(running, "cn-north", "ap-southeast"));
        return placement;
    }

    private static Map<String, String> places(List<String> running, String home, String target) {
        var first = running.contains(home) ? home : running.getFirst();
        return Map.of("home", first, "target", running.contains(target) ? target : first);
    }

    private Map<String, Object> region(RegionSetup setup) {
        var publicUrls = new LinkedHashMap<String, String>();
        var peerUrls = new LinkedHashMap<String, String>();
        for (var service : Service.values()) {
            publicUrls.put(service.id(), setup.https(service.id()));
        }
        for (var id : peers()) {
            var port = options.linked() ? ports.of(linkTo(setup, id)) : peerPort(setup, id);
            peerUrls.put(id, "https://localhost:" + port);
        }
        var entry = new LinkedHashMap<String, Object>();
        entry.put("id", setup.id());
        entry.put("jurisdiction", setup.region().jurisdiction());
        entry.put("issuer", KeycloakPart.issuer(setup));
        entry.put("clientId", "domicile-device");
        entry.put("public", publicUrls);
        entry.put("peer", peerUrls);
        entry.put("signingKey", signingKey(setup.id()).publicBase64());
        return entry;
    }

    /** The region's key that wraps account keys, and the key of its blind index: made once. */
    static synchronized Path kms(RegionSetup setup, SecureRandom random) {
        var file = setup.folder("kms").resolve("keys.json");
        if (!Files.exists(file)) {
            PrivateFiles.write(
                    file,
                    json(Map.of(
                            "primary",
                            "k1",
                            "keys",
                            Map.of("k1", key(random)),
                            "index",
                            "i1",
                            "indexKeys",
                            Map.of("i1", key(random)))));
        }
        return file;
    }

    /** The region's index keys alone, for the service that looks people up by them. */
    static synchronized Path indexKeys(RegionSetup setup, SecureRandom random) {
        var file = setup.folder("kms").resolve("index-keys.json");
        try {
            var keys = JSON.readTree(PrivateFiles.read(kms(setup, random)));
            PrivateFiles.write(file, json(Map.of("index", keys.path("index"), "indexKeys", keys.path("indexKeys"))));
            return file;
        } catch (JsonProcessingException e) {
            throw new LocalFailure("The key set of " + setup.id() + " is damaged: run ./domicile clean.", e);
        }
    }

    private static String key(SecureRandom random) {
        var bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new LocalFailure("Cannot write JSON: " + e.getMessage(), e);
        }
    }
}
