package org.domicile.local.bench;

import java.util.List;
import org.domicile.local.Stack;
import org.domicile.local.StackDescription;
import org.domicile.local.demo.Screen;
import org.domicile.local.home.Home;

/** The stack that a benchmark runs on: the one that is running, or its own for as long as it lasts. */
public final class BenchStack {
    private BenchStack() {}

    /** What is done on it. */
    @FunctionalInterface
    public interface Work {
        /** @return the command's exit code */
        int on(StackDescription stack) throws Exception;
    }

    public static int run(Home home, List<String> regions, Screen screen, Work work) throws Exception {
        var running = Stack.running(home);
        if (running.isPresent()) {
            if (!running.get().optimised()) {
                screen.line(
                        "The running stack's code is compiled quickly and not optimised: these figures are not its best."
                                + " Start it with ./domicile up --optimise, or stop it and let the benchmark start its own.");
            }
            return work.on(running.get());
        }
        screen.line("Starting the stack.");
        try (var stack = new Stack(home, regions, screen::line)) {
            Runtime.getRuntime().addShutdownHook(new Thread(stack::stop));
            return work.on(stack.start());
        }
    }
}
