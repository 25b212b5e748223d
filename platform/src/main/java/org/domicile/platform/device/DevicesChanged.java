package org.domicile.platform.device;

import java.util.Set;
import org.domicile.platform.account.AccountId;

/** Fired, as an asynchronous CDI event, after this service's projection of an account's devices has changed. */
public record DevicesChanged(AccountId account, Set<DeviceId> devices) {}
