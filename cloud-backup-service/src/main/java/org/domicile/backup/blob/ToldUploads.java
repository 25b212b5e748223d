package org.domicile.backup.blob;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Uploads whose success was sent to the device. Their rows are forgotten in batches beside the answers, one batch at a time; what a
 * crash leaves of them ends by the sweep's clock.
 */
@ApplicationScoped
public class ToldUploads {
    private static final Logger LOG = Logger.getLogger(ToldUploads.class);

    private final UploadStore uploads;
    private final Set<UUID> told = ConcurrentHashMap.newKeySet();
    private List<Upload> next = new ArrayList<>();
    private boolean running;

    @Inject
    public ToldUploads(UploadStore uploads) {
        this.uploads = uploads;
    }

    void add(Upload upload) {
        told.add(upload.generation());
        synchronized (this) {
            next.add(upload);
            if (running) {
                return;
            }
            running = true;
        }
        forget();
    }

    /** Whether the device knows, though the row may still be there. */
    boolean contains(UUID generation) {
        return told.contains(generation);
    }

    private void forget() {
        List<Upload> batch;
        synchronized (this) {
            batch = next;
            next = new ArrayList<>();
            running = !batch.isEmpty();
        }
        if (batch.isEmpty()) {
            return;
        }
        uploads.forget(batch)
                .onFailure()
                .invoke(failure -> LOG.warnf("left to the sweep uploads=%d reason=%s", batch.size(), failure))
                .onTermination()
                .invoke(() -> {
                    batch.forEach(upload -> told.remove(upload.generation()));
                    forget();
                })
                .subscribe()
                .with(done -> {}, failure -> {});
    }
}
