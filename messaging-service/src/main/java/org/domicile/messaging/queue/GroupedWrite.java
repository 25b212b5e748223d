package org.domicile.messaging.queue;

import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.UUID;
import org.domicile.messaging.receipt.ReceiptStatus;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;

/** A write that shares a transaction with others. Its emitter is told whether it was done. */
sealed interface GroupedWrite {
    AccountId account();

    UniEmitter<? super Boolean> done();

    /** A message to be stored. */
    record Accept(UUID id, Deposit deposit, OffsetDateTime expires, UniEmitter<? super Boolean> done)
            implements GroupedWrite {
        @Override
        public AccountId account() {
            return deposit.endpoint().account();
        }
    }

    /** Messages that a device wants no more, and what their senders are told. */
    record Take(DeviceId device, Map<UUID, ReceiptStatus> ids, UniEmitter<? super Boolean> done)
            implements GroupedWrite {
        @Override
        public AccountId account() {
            return device.accountId();
        }
    }
}
