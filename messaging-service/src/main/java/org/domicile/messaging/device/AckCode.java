package org.domicile.messaging.device;

import java.util.Arrays;
import org.domicile.messaging.receipt.ReceiptStatus;

/** What a device says that became of a message, by autopush's codes; in each case it wants the message no more. */
public enum AckCode {
    DELIVERED(100, ReceiptStatus.TAKEN),
    NOT_DECRYPTED(101, ReceiptStatus.GIVEN_UP),
    NOT_DELIVERED(102, ReceiptStatus.GIVEN_UP);

    private final int code;
    private final ReceiptStatus receipt;

    AckCode(int code, ReceiptStatus receipt) {
        this.code = code;
        this.receipt = receipt;
    }

    /** The code of the protocol; one that is not known says that the message was taken, as does none. */
    static AckCode of(int code) {
        return Arrays.stream(values()).filter(c -> c.code == code).findFirst().orElse(DELIVERED);
    }

    int code() {
        return code;
    }

    /** What the message's sender is told. */
    ReceiptStatus receipt() {
        return receipt;
    }
}
