package org.domicile.local.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.domicile.client.sdk.Account;
import org.domicile.local.demo.Person;

/** Someone who does not move, and asks for her own account at a steady pace: what a wave costs the others. */
final class Foreground implements AutoCloseable {
    private static final Duration PACE = Duration.ofMillis(50);

    private final Account account;
    private final Thread thread = Thread.ofVirtual().unstarted(this::ask);
    private final List<Double> millis = new ArrayList<>();
    private volatile boolean stopped;
    private volatile IOException failure;

    Foreground(Person person) {
        this.account = new Account(person.session());
    }

    void start() {
        thread.start();
    }

    private void ask() {
        try {
            // at fixed times, however long the answers take: a slow one must not make fewer of them
            for (var next = System.nanoTime(); !stopped; next += PACE.toNanos()) {
                var wait = next - System.nanoTime();
                if (wait > 0) {
                    Thread.sleep(Duration.ofNanos(wait));
                }
                account.show();
                millis.add((System.nanoTime() - next) / 1e6);
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One number a request. @throws IOException if one was refused: then nothing is measured */
    List<Double> end() throws IOException, InterruptedException {
        close();
        if (failure != null) {
            throw failure;
        }
        return List.copyOf(millis);
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.join();
    }
}
