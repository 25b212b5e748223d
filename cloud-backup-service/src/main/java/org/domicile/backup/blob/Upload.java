package org.domicile.backup.blob;

import java.util.UUID;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;

/**
 * A PENDING blob: its room is reserved and its object may exist.
 *
 * @param size declared bytes
 */
public record Upload(AccountId account, UUID generation, BlobKey key, long size, DeviceId device) {
    public String objectKey() {
        return ObjectStore.key(account, generation);
    }
}
