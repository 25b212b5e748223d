package org.domicile.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.domicile.local.home.Built;
import org.domicile.local.home.Home;
import org.domicile.local.home.Secrets;
import org.domicile.local.part.Jvm;
import org.domicile.local.part.KafkaPart;
import org.domicile.local.part.KeycloakPart;
import org.domicile.local.part.Operator;
import org.domicile.local.part.Part;
import org.domicile.local.part.Parts;
import org.domicile.local.part.PostgresPart;
import org.domicile.local.part.RegionSetup;
import org.domicile.local.part.RegionSpec;
import org.domicile.local.part.S3Part;
import org.domicile.local.part.Service;
import org.domicile.local.part.ServicePart;
import org.domicile.local.part.ShopPart;
import org.domicile.local.part.World;
import org.domicile.local.port.Forwarder;
import org.domicile.local.port.Link;
import org.domicile.local.port.Ports;
import org.domicile.local.process.Leftovers;
import org.domicile.local.process.PidFiles;
import org.domicile.local.process.ProcessIdentity;
import org.domicile.local.process.StackLock;
import org.domicile.local.process.Starter;
import org.domicile.local.process.Supervisor;
import org.domicile.local.security.Authority;
import org.domicile.local.security.Trust;

/**
 * The local stack of one {@link Home}: one or more regions, each with its own servers and services.
 *
 * <p>The process that starts it is its launcher: it holds the stack's lock, carries the region-neutral origins, and must
 * call {@link #stop()} (or {@link #close()}) before it ends. If it is killed, the next start or {@code down} ends what it
 * left behind. Data stays in the home.
 */
public final class Stack implements AutoCloseable {
    private final Home home;
    private final List<RegionSetup> setups;
    private final World world;
    private final Ports ports;
    private final Secrets secrets;
    private final Supervisor supervisor;
    private final PidFiles pidFiles;
    private final StackLock lock;
    private final Consumer<String> progress;
    private final List<Forwarder> forwarders = new ArrayList<>();
    private final StackOptions options;
    private final List<Link> links = new ArrayList<>();
    private boolean stopped;

    /** Only regions and their services. */
    public Stack(Home home, List<String> regions, Consumer<String> progress) {
        this(home, StackOptions.of(regions), progress);
    }

    /**
     * Takes the home's lock and ends what an earlier, killed launcher left running. Nothing is started yet.
     *
     * @param progress gets one line per event
     * @throws LocalFailure if a stack runs in that home already
     */
    public Stack(Home home, StackOptions options, Consumer<String> progress) {
        this.home = home;
        this.options = options;
        this.progress = progress;
        var specs = RegionSpec.parse(options.regions());
        home.prepare();
        this.pidFiles = new PidFiles(home.file("run"));
        this.lock = StackLock.take(home.file("lock")).orElseThrow(() -> alreadyRunning(home));
        home.forgetStack();
        new Leftovers(pidFiles, progress).end();
        ProcessIdentity.of(ProcessHandle.current().pid()).ifPresent(me -> pidFiles.record(PidFiles.LAUNCHER, me));
        var random = new SecureRandom();
        this.ports = new Ports(home.file("ports.json"), random);
        this.secrets = new Secrets(home.file("secrets.json"), random);
        var authority = new Authority(home.file("ca.pem"), home.file("keys/ca.key.pem"), Clock.systemUTC(), random);
        var starter = new Starter(home, pidFiles);
        var http = Trust.client(authority.certificate());
        var built = new Built(home.sources(), options.packaging());
        this.setups = new ArrayList<>(specs.stream()
                .map(s -> new RegionSetup(s, specs, home, built, ports, secrets, authority, starter, http))
                .toList());
        this.world = new World(home, ports, options);
        this.supervisor = new Supervisor(
                home, starter, pidFiles, progress, Runtime.getRuntime().availableProcessors() + 1);
    }

    /** Before the start: a region's services are those that were built in another folder, of another release. */
    public void servicesFrom(String region, Path sources) {
        setups.replaceAll(s -> s.id().equals(region) ? s.with(new Built(sources)) : s);
    }

    /** Ends the region's services, one after the other, and starts those that were built in another folder. */
    public void upgrade(String region, Path sources) {
        servicesFrom(region, sources);
        setups.stream().filter(s -> s.id().equals(region)).forEach(setup -> {
            for (var service : Service.values()) {
                supervisor.replace(new ServicePart(setup, service, world));
            }
        });
    }

    /** The stack that another process runs in that home, if one does and is ready. */
    public static Optional<StackDescription> running(Home home) {
        return Files.exists(home.stackFile())
                        && new PidFiles(home.file("run")).of(PidFiles.LAUNCHER).isPresent()
                ? Optional.of(StackDescription.read(home.stackFile()))
                : Optional.empty();
    }

    /** Starts everything and writes {@code stack.json}; on failure stops what it started and throws. */
    public StackDescription start() {
        return start(Parts.all(setups, world));
    }

    /** Starts only what the services need, without them. */
    public StackDescription startServers() {
        return start(Parts.servers(setups, world));
    }

    private StackDescription start(List<Part> parts) {
        try {
            parts.forEach(part -> part.ports().forEach(ports::requireFree));
            ports.requireFree(World.PUSH);
            ports.requireFree(World.BACKUP);
            world.write(setups);
            if (options.linked()) {
                setups.forEach(this::link);
            }
            supervisor.startAll(parts);
            forward(World.PUSH, Service.MESSAGING);
            forward(World.BACKUP, Service.BACKUP);
            var description = describe();
            description.write(home.stackFile());
            return description;
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    /** For fault tests: ends a part ({@code cn-north-backup}) without asking it. */
    public void kill(String part) {
        supervisor.kill(part);
    }

    /** Starts a part that ended, and waits until it is ready. */
    public void restart(String part) {
        supervisor.kill(part);
        supervisor.start(supervisor.part(part));
    }

    /** Stops everything, dependants first, and lets go of the lock. */
    public synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        progress.accept("Stopping…");
        home.forgetStack();
        forwarders.forEach(Forwarder::close);
        links.forEach(Link::close);
        supervisor.stopAll();
        new Leftovers(pidFiles, line -> {}).end();
        pidFiles.forget(PidFiles.LAUNCHER);
        lock.close();
        progress.accept("Stopped; the data stays in " + home.folder() + ".");
    }

    @Override
    public void close() {
        stop();
    }

    private void forward(String origin, Service service) {
        var targets = setups.stream().map(s -> s.port(service.id())).toList();
        forwarders.add(new Forwarder(origin, ports.of(origin), targets));
    }

    private void link(RegionSetup setup) {
        for (var id : world.peers()) {
            var name = World.linkTo(setup, id);
            ports.requireFree(name);
            links.add(new Link(name, ports.of(name), World.peerPort(setup, id)));
        }
    }

    /** The lines between the regions' services, if the stack was started with them. */
    public List<Link> links() {
        return List.copyOf(links);
    }

    private StackDescription describe() {
        var regions = new LinkedHashMap<String, StackDescription.Region>();
        setups.forEach(s -> regions.put(s.id(), describe(s)));
        return new StackDescription(
                home.published("ca.pem"),
                new StackDescription.Login(Operator.NAME, Operator.password(secrets)),
                world.pushOrigin(),
                world.backupOrigin(),
                home.published("codes/"),
                !Jvm.compilesQuickly(),
                regions);
    }

    private StackDescription.Region describe(RegionSetup s) {
        return new StackDescription.Region(
                KeycloakPart.issuer(s),
                "domicile-device",
                s.https(Service.ACCOUNT.id()),
                s.https(Service.BACKUP.id()),
                s.https(Service.MESSAGING.id()),
                s.https(Service.MIGRATION.id()),
                world.signingKey(s.id()).publicBase64(),
                "localhost:" + s.port(KafkaPart.PART),
                KafkaPart.administrator(s).toString(),
                PostgresPart.administratorUrl(s),
                new StackDescription.S3(S3Part.endpoint(s), S3Part.BUCKET, S3Part.accessKey(s), S3Part.secretKey(s)),
                new StackDescription.Login(KeycloakPart.ADMINISTRATOR, KeycloakPart.administratorPassword(s)),
                options.shop() ? ShopPart.url(s) : null);
    }

    /** What a second start is told. */
    public static LocalFailure alreadyRunning(Home home) {
        var pid = new PidFiles(home.file("run"))
                .of(PidFiles.LAUNCHER)
                .map(i -> " (process " + i.pid() + ")")
                .orElse("");
        return new LocalFailure("A stack is running in " + home.folder() + pid
                + ": ./domicile status shows it, ./domicile down stops it.");
    }
}
