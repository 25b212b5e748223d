package org.domicile.platform.logging;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.logging.Handler;
import org.domicile.platform.region.ServiceIdentity;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.handlers.ConsoleHandler;

/** Puts the log into JSON where it is wanted, before anything of ours starts. Quarkus' own first lines are as they are. */
@ApplicationScoped
public class JsonLogs {
    private final LogConfig config;
    private final ServiceIdentity identity;

    @Inject
    public JsonLogs(LogConfig config, ServiceIdentity identity) {
        this.config = config;
        this.identity = identity;
    }

    void start(@Observes @Priority(1) StartupEvent event) {
        if (config.json()) {
            use(LogContext.getLogContext().getLogger("").getHandlers());
        }
    }

    private void use(Handler[] handlers) {
        for (var handler : handlers) {
            if (handler instanceof ConsoleHandler console) {
                console.setFormatter(new JsonLogFormatter(identity));
            } else if (handler instanceof org.jboss.logmanager.ExtHandler outer) {
                use(outer.getHandlers());
            }
        }
    }
}
