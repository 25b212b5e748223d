package org.domicile.account.code;

import io.smallrye.mutiny.Uni;
import org.domicile.account.profile.Identifier;

/** Brings a one-time code to the holder of an identifier: an SMS or mail gateway, or a file locally. */
public interface CodeSender {
    Uni<Void> send(Identifier identifier, CodeMessage message);
}
