package org.domicile.migration.move;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Pace;

/**
 * What an account's old home asks its new one for.
 *
 * @param moveId the move that is to be undone
 * @param rollbackId the id that the rollback gets: the same question again is the same rollback
 * @param pace how fast each participant may copy; null = as fast as it can
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@RegisterForReflection
public record RollbackOrder(AccountId accountId, UUID moveId, UUID rollbackId, Pace pace) {}
