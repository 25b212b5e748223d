package org.domicile.platform.consent;

import java.util.Set;
import org.domicile.platform.account.AccountId;

/** Fired, as an asynchronous CDI event, after this service's projection of an account's consents has changed. */
public record ConsentChanged(AccountId account, Set<Feature> granted) {}
