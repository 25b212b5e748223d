package org.domicile.participant;

import static org.domicile.participant.Broken.unless;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** When clients may write, and what a write leaves. */
final class FenceChecks {
    private static final int WRITERS = 4;
    private static final long LOOK_NANOS = 1_000_000;

    private FenceChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "versions",
                        "Every write raises the account's version, and its record carries it.",
                        FenceChecks::versions),
                new Check("frozen", "FROZEN refuses writes and goes on to be read.", FenceChecks::frozen),
                new Check(
                        "freeze-drains",
                        "FREEZE is answered when the writes in flight have ended; none is acknowledged later.",
                        FenceChecks::drains),
                new Check("shadow", "SHADOW refuses clients' writes.", FenceChecks::shadow),
                new Check("closed", "CLOSED refuses clients' and shadow writes.", FenceChecks::closed),
                new Check("none", "A purged account refuses writes.", FenceChecks::none));
    }

    private static void versions(Subject subject) {
        var account = subject.opened();
        var name = subject.firstClass();
        var first = account.write(name);
        var second = account.write(name);
        var changed = account.change(name, first.key());
        unless(
                0 < first.version() && first.version() < second.version() && second.version() < changed.version(),
                "versions must rise with every write: " + List.of(first, second, changed));
        unless(
                Long.valueOf(changed.version()).equals(account.keys(name).get(first.key())),
                "a changed record must carry the version of the change");
        var deleted = account.delete(name, second.key());
        unless(!account.keys(name).containsKey(second.key()), "a deleted record is still listed");
        unless(
                account.row().version() == deleted.version() && deleted.version() > changed.version(),
                "a deletion must raise the account's version");
    }

    private static void frozen(Subject subject) {
        var account = subject.opened();
        account.fill();
        var before = account.records();
        account.order("freeze", 3).mustBe("FROZEN", 3, "after FREEZE");
        account.mustRefuseWrites("in FROZEN");
        unless(before.equals(account.records()), "FROZEN must still give the records");
        account.order("activate", 4);
        account.write(subject.firstClass());
    }

    private static void drains(Subject subject) {
        var account = subject.opened();
        var name = subject.firstClass();
        var acknowledged = new ConcurrentLinkedQueue<Account.Written>();
        var stop = new AtomicBoolean();
        var writers = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(CompletableFuture.runAsync(() -> {
                while (!stop.get()) {
                    var answer = account.tryWrite(name, null, false);
                    if (!answer.isOk()) {
                        return;
                    }
                    acknowledged.add(Account.written(answer));
                }
            }));
        }
        until(() -> acknowledged.size() >= 4 * WRITERS || writers.stream().anyMatch(CompletableFuture::isDone));
        var sealed = account.order("freeze", 3);
        var keys = account.keys(name);
        stop.set(true);
        writers.forEach(CompletableFuture::join);
        sealed.mustBe("FROZEN", 3, "after FREEZE");
        unless(sealed.done(), "FREEZE was answered done:false: the kit does not wait for it");
        unless(keys.equals(account.keys(name)), "records changed after FREEZE was answered");
        for (var write : acknowledged) {
            unless(
                    keys.containsKey(write.key()) && write.version() <= sealed.version(),
                    "an acknowledged write is not among what was sealed: " + write);
        }
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static void shadow(Subject subject) {
        var account = subject.opened();
        account.fill();
        account.order("freeze", 3);
        account.order("keep", 4).mustBe("SHADOW", 4, "after KEEP");
        account.mustRefuseWrites("in SHADOW");
        var fresh = subject.account();
        fresh.order("shadow", 2, 2).mustBe("SHADOW", 2, "after SHADOW");
        fresh.mustRefuseWrites("in a new SHADOW");
    }

    private static void closed(Subject subject) {
        var account = subject.opened();
        account.fill();
        var record = account.records(subject.firstClass()).getFirst();
        account.order("freeze", 3);
        account.order("feed", 4, 4).mustBe("SHADOW", 4, "after FEED");
        Row.of(account.close(5, 4, 50)).mustBe("CLOSED", 5, "after CLOSE");
        account.mustRefuseWrites("in CLOSED");
        for (long epoch = 4; epoch <= 5; epoch++) {
            unless(
                    account.shadowWrite(subject.firstClass(), epoch, List.of(record.at(99)), List.of())
                                    .status()
                            == 409,
                    "a shadow write in CLOSED must be answered 409");
        }
        unless(
                Long.valueOf(record.version())
                        .equals(account.keys(subject.firstClass()).get(record.key())),
                "CLOSED took a record");
    }

    private static void none(Subject subject) {
        var account = subject.opened();
        account.fill();
        account.order("purge", 3).mustBe("NONE", 3, "after PURGE");
        account.mustRefuseWrites("after PURGE");
    }
}
