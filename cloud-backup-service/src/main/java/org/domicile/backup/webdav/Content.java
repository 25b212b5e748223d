package org.domicile.backup.webdav;

import java.util.UUID;

/**
 * The bytes of a file: never changed, only replaced by another content.
 *
 * @param size bytes of plaintext
 * @param generation names its objects in this region
 */
record Content(UUID id, long size, UUID generation) {}
