package org.domicile.messaging.inbox;

import java.util.List;

/** What a lookup answers: the inboxes of one person's devices; none for who is unknown and for who does not want to be found. */
public record Directory(List<Inbox> devices) {
    static final Directory NOBODY = new Directory(List.of());
}
