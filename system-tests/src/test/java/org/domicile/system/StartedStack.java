package org.domicile.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.domicile.local.Stack;
import org.domicile.local.StackDescription;
import org.domicile.local.StackOptions;
import org.domicile.local.home.Home;
import org.domicile.platform.testing.TraceReceiver;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Two whole regions, all parts real, started once for all system tests; the lines between them can be made long, or cut. All that
 * they do is traced, and logged for machines.
 */
final class StartedStack implements BeforeAllCallback {
    static final String CN = "cn-north";
    static final String SG = "ap-southeast";

    private static Running running;

    /** Stopped when the last test has ended. */
    private record Running(Home home, Stack stack, StackDescription description, TraceReceiver traces)
            implements AutoCloseable {
        static Running start() {
            var home = Home.locate();
            home.prepare();
            var traces = new TraceReceiver();
            settle(home, traces);
            var stack = new Stack(home, StackOptions.of(CN, SG).withLinks().withShop(), System.err::println);
            return new Running(home, stack, stack.start(), traces);
        }

        /** {@code -Ddomicile.faults.skew=PT1H} makes the clocks of all services of one region wrong. */
        private static void settle(Home home, TraceReceiver traces) {
            var offset = "domicile.clock.offset=" + System.getProperty("domicile.faults.skew", "PT0S") + "\n";
            var seen = "domicile.traces.endpoint=" + traces.endpoint() + "\n"
                    + "domicile.log.json=true\nquarkus.log.category.\"org.domicile\".level=DEBUG\n"
                    + "domicile.keys.every=10s\n";
            try {
                Files.writeString(home.file(CN + ".properties"), seen);
                Files.writeString(home.file(SG + ".properties"), seen + offset);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            stack.stop();
            traces.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        running = context.getRoot()
                .getStore(Namespace.create(StartedStack.class))
                .getOrComputeIfAbsent(Running.class, type -> Running.start(), Running.class);
    }

    static Home home() {
        return running.home();
    }

    static Stack stack() {
        return running.stack();
    }

    static TraceReceiver traces() {
        return running.traces();
    }

    static StackDescription description() {
        return running.description();
    }

    /** For the device SDK. */
    static org.domicile.client.sdk.Stack client() {
        try {
            return org.domicile.client.sdk.Stack.read(running.home().folder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
