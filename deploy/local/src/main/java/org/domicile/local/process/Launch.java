package org.domicile.local.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How a process is started. Secrets go into files or {@code environment}, never into {@code command}. */
public record Launch(List<String> command, Map<String, String> environment, Path folder) {
    @Override
    public String toString() {
        return "Launch" + command;
    }
}
