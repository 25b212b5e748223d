package org.domicile.backup.usage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.domicile.backup.repository.RepositorySummary;
import org.domicile.backup.webdav.DavSummary;

/**
 * Everything that is stored for an owner.
 *
 * @param deletion when and why all of it will be deleted; absent while backup is on
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record Stored(List<RepositorySummary> repositories, DavSummary webdav, Deletion deletion) {}
