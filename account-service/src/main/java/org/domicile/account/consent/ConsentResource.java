package org.domicile.account.consent;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.domicile.account.profile.Locales;
import org.domicile.account.residency.CurrentAccount;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** {@code /v1/me/consents}: what the owner switched on, and the ledger that proves it. */
@Path("/v1/me/consents")
@RolesAllowed("owner")
public class ConsentResource {
    private final CurrentAccount current;
    private final Consents consents;

    @Inject
    public ConsentResource(CurrentAccount current, Consents consents) {
        this.current = current;
        this.consents = consents;
    }

    @GET
    public Uni<Answer> list() {
        return current.here().flatMap(consents::ledger).map(Answer::of);
    }

    /** Idempotent: saying again what holds adds nothing to the ledger. */
    @PUT
    @Path("/{feature}")
    public Uni<LedgerEntry> set(
            @PathParam("feature") String feature,
            @NotNull @Valid Wish wish,
            @HeaderParam("Accept-Language") String acceptLanguage) {
        var known = Feature.find(feature)
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.NOT_FOUND,
                        "Use one of the features "
                                + Arrays.stream(Feature.values())
                                        .map(Feature::id)
                                        .toList() + "."));
        return current.here()
                .flatMap(account -> consents.set(
                        account, known, wish.granted(), wish.policyVersion(), Locales.first(acceptLanguage)));
    }

    /** @param policyVersion of the text that the owner was shown */
    public record Wish(
            @NotNull Boolean granted,

            @NotNull @Pattern(regexp = "[A-Za-z0-9._-]{1,32}", message = "must be 1 to 32 letters, digits, . _ or -")
            String policyVersion) {}

    /**
     * @param features the newest decision of each feature; one that is absent is off
     * @param ledger all entries, oldest first
     */
    public record Answer(Map<Feature, LedgerEntry> features, List<LedgerEntry> ledger) {
        static Answer of(List<LedgerEntry> ledger) {
            var features = new EnumMap<Feature, LedgerEntry>(Feature.class);
            ledger.forEach(entry -> features.put(entry.feature(), entry));
            return new Answer(features, ledger);
        }
    }
}
