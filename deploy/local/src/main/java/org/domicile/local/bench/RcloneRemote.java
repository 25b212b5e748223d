package org.domicile.local.bench;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.domicile.local.StackDescription;

/** An object store of the stack under a name that rclone's commands can use; rclone is told by its environment, no file is written. */
record RcloneRemote(String name, StackDescription.S3 store) {
    /** A path at this remote. */
    String path(String path) {
        return name + ":" + path;
    }

    Map<String, String> environment() {
        var prefix = "RCLONE_CONFIG_" + name.toUpperCase(Locale.ROOT) + "_";
        var environment = new HashMap<String, String>();
        environment.put(prefix + "TYPE", "s3");
        environment.put(prefix + "PROVIDER", "Other");
        environment.put(prefix + "ENDPOINT", store.endpoint());
        environment.put(prefix + "ACCESS_KEY_ID", store.accessKey());
        environment.put(prefix + "SECRET_ACCESS_KEY", store.secretKey());
        environment.put(prefix + "FORCE_PATH_STYLE", "true");
        return environment;
    }
}
