package org.domicile.messaging.subscription;

import java.util.Optional;
import java.util.UUID;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;

/**
 * One push endpoint of a device.
 *
 * @param channel the id that the device chose for it (autopush {@code channelID})
 * @param senderKey the one application server that may send (RFC 8292 section 4); empty: whoever holds the endpoint
 */
public record Subscription(AccountId account, DeviceId device, UUID channel, Optional<P256Key> senderKey) {}
