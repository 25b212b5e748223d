package org.domicile.platform.device;

import org.domicile.platform.account.AccountId;

/** A device whose credential was right. */
public record Device(DeviceId id, AccountId account, boolean appendOnly) {}
