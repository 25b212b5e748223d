package org.domicile.backup.trash;

import java.time.Instant;

/** @param since restores only what was deleted at or after this instant; absent for everything */
public record RestoreOrder(Instant since) {}
