package org.domicile.backup.trash;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * A page of a repository's trash.
 *
 * @param window how long something deleted can be restored, seconds
 * @param next what to send as {@code after} for the next page; absent on the last
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record TrashList(String repository, Duration window, List<TrashedBlob> items, UUID next) {}
