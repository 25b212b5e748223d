package org.domicile.checks.docs;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.domicile.checks.Sources;
import org.domicile.checks.manifest.Manifest;
import org.domicile.checks.manifest.Manifests;
import org.domicile.checks.manifest.Overlay;

/** Commands of runbooks name things that exist, in whatever region {@code $REGION} is: commands of ours, files, resources and labels. */
public final class Runbooks {
    private static final Pattern BLOCK = Pattern.compile("(?s)```sh\\n(.*?)```");
    private static final Pattern COMMAND = Pattern.compile("@Command\\(\\s*name = \"([\\w-]+)\"", Pattern.DOTALL);
    private static final Pattern PATH = Pattern.compile("(deploy/[\\w./-]+)");
    private static final Pattern RESOURCE = Pattern.compile(
            "\\b(deployment|cluster|kafka|scaledobject|externalsecret|certificate|secret|job)[/ ]([a-z][a-z0-9-]+)\\b");
    private static final Pattern LABEL = Pattern.compile("-l ([\\w./-]+)=([\\w-]+)");
    private static final Set<String> LAUNCHER = Set.of("test", "build", "help");

    private static final String REGION = "$REGION";
    /** Only regions of AWS have them. */
    private static final Pattern MANAGED = Pattern.compile("^deploy/(kubernetes/msk|terraform/regions)/.*");
    /** Only regions without managed services have all of them. */
    private static final Set<String> SELF_HOSTED = Set.of("cluster", "kafka");

    private final Sources sources;
    private final Overlay overlay;
    private final Manifests region;
    private final Set<String> ours;

    public Runbooks(Sources sources, Overlay overlay) {
        this.sources = sources;
        this.overlay = overlay;
        this.region = overlay.rendered();
        this.ours = commands(sources);
    }

    /** @param page Markdown; commands are its blocks of {@code sh} */
    public List<String> violations(String name, String page) {
        var found = new ArrayList<String>();
        var blocks = BLOCK.matcher(page);
        while (blocks.find()) {
            blocks.group(1).lines().map(String::strip).filter(l -> !l.isEmpty()).forEach(line -> check(line, found));
        }
        return found.stream().map(f -> name + ": " + f).toList();
    }

    private void check(String written, List<String> found) {
        if (!written.contains("NEW") && !written.startsWith("export REGION=")) {
            Overlay.ALL.stream()
                    .map(Overlay::region)
                    .filter(written::contains)
                    .forEach(id -> found.add(id + " is one region of many: say " + REGION + "."));
        }
        var line = written.replace(REGION, overlay.region());
        if (line.startsWith("./domicile ")) {
            var words = line.split("\\s+");
            if (!ours.contains(words[1]) && !LAUNCHER.contains(words[1])) {
                found.add("there is no ./domicile " + words[1] + ".");
            }
            if (words[1].equals("wave") && !ours.contains(words[2])) {
                found.add("there is no ./domicile wave " + words[2] + ".");
            }
        }
        if (!line.contains("NEW") && !line.startsWith("terraform")) {
            // what is copied to is made by it
            var path = PATH.matcher(line.replaceFirst("^(cp .*) \\S+$", "$1"));
            while (path.find()) {
                if (!isOfAnother(path.group(1)) && !Files.exists(sources.path(path.group(1)))) {
                    found.add("there is no " + path.group(1) + ".");
                }
            }
        }
        if (line.startsWith("kubectl")) {
            checkResources(line, found);
        }
    }

    private boolean isOfAnother(String path) {
        return !overlay.managed() && MANAGED.matcher(path).matches();
    }

    private void checkResources(String line, List<String> found) {
        var resource = RESOURCE.matcher(line);
        while (resource.find()) {
            var managed = overlay.managed() && SELF_HOSTED.contains(resource.group(1));
            if (!managed && region.all().stream().noneMatch(m -> is(m, resource.group(1), resource.group(2)))) {
                found.add("a region has no " + resource.group(1) + " called " + resource.group(2) + ".");
            }
        }
        var label = LABEL.matcher(line);
        while (label.find()) {
            var exists = region.all().stream()
                    .anyMatch(m -> label.group(2).equals(m.podLabels().get(label.group(1)))
                            || label.group(2)
                                    .equals(m.at("metadata")
                                            .path("labels")
                                            .path(label.group(1))
                                            .asText()));
            if (!exists) {
                found.add("nothing has the label " + label.group(1) + "=" + label.group(2) + ".");
            }
        }
    }

    private static boolean is(Manifest m, String kind, String name) {
        var made = kind.equals("secret") && m.at("spec.secretName").asText().equals(name);
        return made || m.kind().equalsIgnoreCase(kind) && m.name().equals(name);
    }

    private static Set<String> commands(Sources sources) {
        var names = new TreeSet<String>();
        for (var file : sources.files(".", ".java")) {
            var command = COMMAND.matcher(sources.read(sources.relative(file)));
            while (command.find()) {
                names.add(command.group(1));
            }
        }
        return names;
    }
}
