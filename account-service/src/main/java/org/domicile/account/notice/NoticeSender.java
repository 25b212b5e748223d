package org.domicile.account.notice;

import io.smallrye.mutiny.Uni;
import org.domicile.account.profile.Identifier;

/** Brings a notice to the holder of an identifier: an SMS or mail gateway, or a file locally. May be asked twice for one. */
public interface NoticeSender {
    Uni<Void> send(Identifier identifier, Notice notice);
}
