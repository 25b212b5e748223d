package org.domicile.account.notice;

import io.smallrye.mutiny.Uni;
import org.domicile.account.profile.Identifier;

/** Brings a notice to the holder of an identifier: an SMS or mail gateway, or a file locally. May be asked twice for one. */
public interface NoticeSender {
    /** Done, too, where nobody can be reached by that identifier any more; fails if it is to be tried again. */
    Uni<Void> send(Identifier identifier, Notice notice);
}
