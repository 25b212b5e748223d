package org.domicile.platform.kms;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

/** The token that is held for a Vault: fetched at first use and when it is refused, by one caller for all that wait. */
final class VaultToken {
    private final VaultLogin login;
    private final BiFunction<JsonObject, String, Future<String>> signIn;
    private final AtomicReference<Future<String>> held = new AtomicReference<>();

    /** @param signIn body of the login and mount of its method → token */
    VaultToken(VaultLogin login, BiFunction<JsonObject, String, Future<String>> signIn) {
        this.login = login;
        this.signIn = signIn;
    }

    Future<String> get() {
        var known = held.get();
        return known != null && !known.failed() ? known : replaced(known);
    }

    /** @param refused the token that was; another one that came meanwhile is not fetched again */
    Future<String> renewed(String refused) {
        var known = held.get();
        return known != null && !refused.equals(known.result()) ? get() : replaced(known);
    }

    private Future<String> replaced(Future<String> known) {
        var fetched = fetch();
        return held.compareAndSet(known, fetched) ? fetched : get();
    }

    private Future<String> fetch() {
        try {
            return switch (login) {
                case VaultLogin.Token token -> Future.succeededFuture(text(token.file()));
                case VaultLogin.ServiceAccount account ->
                    signIn.apply(
                            new JsonObject().put("role", account.role()).put("jwt", text(account.jwt())),
                            account.mount());
            };
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file).strip();
    }
}
