package org.domicile.outside.remote;

import io.vertx.core.json.JsonObject;
import org.domicile.platform.fence.FenceMode;

/**
 * An account's fence row in a remote system.
 *
 * @param version its counter, which every write raises
 * @param done false while the work of the mode goes on
 * @param left NONE: records that are still there
 */
record RemoteRow(FenceMode mode, long epoch, long version, boolean done, long left) {
    static RemoteRow of(JsonObject json) {
        return new RemoteRow(
                FenceMode.valueOf(json.getString("mode")),
                json.getLong("epoch"),
                json.getLong("version"),
                json.getBoolean("done", true),
                json.getLong("left", 0L));
    }
}
