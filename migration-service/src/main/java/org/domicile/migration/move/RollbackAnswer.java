package org.domicile.migration.move;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;
import org.domicile.platform.account.AccountId;

/**
 * Where a rollback stands that was asked for.
 *
 * @param reason one sentence unless it is under way
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@RegisterForReflection
public record RollbackAnswer(AccountId accountId, UUID rollbackId, RollbackOutcome outcome, String reason) {}
