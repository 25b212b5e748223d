package org.domicile.system;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.domicile.local.demo.Person;
import org.domicile.outside.testing.Customer;
import org.domicile.outside.testing.Shop;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.testing.Wait;

/** The shops of both regions, an outside system that moves with its customers. */
final class Shops {
    /** What a customer has ordered before anybody looks. */
    static final int EARLIER = 20;

    private static final String OPENED_A_MOMENT_AGO = "MV001";

    private Shops() {}

    static Shop of(String region) {
        // postgresql://user:password@host:port/name
        var url = StartedStack.description().regions().get(region).shop();
        var login = url.substring(url.indexOf("://") + 3, url.lastIndexOf('@')).split(":", 2);
        return new Shop("jdbc:postgresql://" + url.substring(url.lastIndexOf('@') + 1), login[0], login[1]);
    }

    /** Somebody who lives in {@code cn-north} becomes a customer of the shop there. */
    static Customer customer(Person person) throws SQLException {
        var account = new AccountId(person.account());
        var home = of(StartedStack.CN);
        Wait.until("the shop takes the new customer", () -> isTaken(home, account));
        return new Customer(account, home, of(StartedStack.SG));
    }

    /** Orders until she is stopped, in a thread of her own. */
    static CompletableFuture<Void> ordering(Customer customer) {
        return CompletableFuture.runAsync(
                customer, task -> Thread.ofPlatform().name("customer").daemon().start(task));
    }

    private static boolean isTaken(Shop shop, AccountId account) {
        try {
            shop.customer(account, EARLIER);
            return true;
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof SQLException refusal && OPENED_A_MOMENT_AGO.equals(refusal.getSQLState())) {
                return false;
            }
            throw e;
        }
    }
}
