package org.domicile.client.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.awt.Desktop;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** The person's browser, and a port of this computer to which it brings the answer. */
final class LoopbackBrowser implements AutoCloseable {
    private static final String PATH = "/callback";

    private final HttpServer server;
    private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(1);

    LoopbackBrowser() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext(PATH, this::answer);
        server.start();
    }

    URI redirect() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PATH);
    }

    /** Opens the page where there is a desktop. */
    static void open(URI page) {
        if (!java.awt.GraphicsEnvironment.isHeadless()
                && Desktop.isDesktopSupported()
                && Desktop.getDesktop().isSupported(Desktop.Action.BROWSE)) {
            try {
                Desktop.getDesktop().browse(page);
            } catch (IOException e) {
                // The address is on the screen, too.
            }
        }
    }

    /** The query that the browser comes back with. */
    String await(Duration longest) throws IOException {
        try {
            String answer = answers.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null) {
                throw new CommandException("Nobody signed in within " + Text.duration(longest) + ": start again");
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The sign-in was interrupted");
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        byte[] page =
                "<!doctype html><title>Domicile</title><p>You can close this window and go back to the command line."
                        .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
        exchange.sendResponseHeaders(200, page.length);
        exchange.getResponseBody().write(page);
        exchange.close();
        answers.offer(query == null ? "" : query);
    }

    @Override
    public void close() {
        server.stop(1);
    }
}
