package org.domicile.account.consent;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
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
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.domicile.account.confirmation.Confirmations;
import org.domicile.account.confirmation.Waiting;
import org.domicile.account.guardian.GuardianStore;
import org.domicile.account.law.AccountLaws;
import org.domicile.account.law.MarketLaw;
import org.domicile.account.notice.Notice;
import org.domicile.account.profile.Locales;
import org.domicile.account.profile.ProfileStore;
import org.domicile.account.residency.CurrentAccount;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.ConsentConfig;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /v1/me/consents}: what the owner switched on, and the ledger that proves it. */
@Path("/v1/me/consents")
@RolesAllowed("owner")
public class ConsentResource {
    private final CurrentAccount current;
    private final Consents consents;
    private final ConsentTexts texts;
    private final ProfileStore profiles;
    private final AccountLaws laws;
    private final ConsentConfig config;
    private final GuardianStore guardians;
    private final Confirmations confirmations;

    @Inject
    public ConsentResource(
            CurrentAccount current,
            Consents consents,
            ConsentTexts texts,
            ProfileStore profiles,
            AccountLaws laws,
            ConsentConfig config,
            GuardianStore guardians,
            Confirmations confirmations) {
        this.current = current;
        this.consents = consents;
        this.texts = texts;
        this.profiles = profiles;
        this.laws = laws;
        this.config = config;
        this.guardians = guardians;
        this.confirmations = confirmations;
    }

    @GET
    public Uni<Answer> list() {
        return current.here().flatMap(account -> consents.ledger(account)
                .flatMap(ledger -> consents.told(account).flatMap(told -> profiles.market(account)
                        .flatMap(market -> laws.of(account, market))
                        .map(law -> answer(ledger, told, law)))));
    }

    /** Idempotent: saying again what holds adds nothing to the ledger. A minor's wish waits for the guardian. */
    @PUT
    @Path("/{feature}")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Switches a feature on or off; 202 while a minor's guardian has not agreed, and nothing is on"
                    + " until then")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = LedgerEntry.class)))
    @APIResponse(responseCode = "202", content = @Content(schema = @Schema(implementation = Waiting.class)))
    public Uni<RestResponse<?>> set(
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
        var locale = Locales.first(acceptLanguage);
        return current.here()
                .flatMap(account -> consents.set(account, known, wish.granted(), wish.policyVersion(), locale)
                        .flatMap(entry -> entry.isPresent()
                                ? Uni.createFrom().<RestResponse<?>>item(RestResponse.ok(entry.get()))
                                : askGuardian(account, known, wish.policyVersion(), locale)));
    }

    private Uni<RestResponse<?>> askGuardian(AccountId account, Feature feature, String policyVersion, String locale) {
        return guardians
                .find(account)
                .flatMap(guardian -> confirmations.consent(
                        account,
                        guardian.orElseThrow(() -> new ProblemException(
                                        ErrorCode.CONFLICT, "The guardian has ended a moment ago: send it again."))
                                .identifier(),
                        feature,
                        policyVersion,
                        locale))
                .map(waiting -> RestResponse.status(RestResponse.Status.ACCEPTED, waiting));
    }

    /** @param policyVersion of the text that the owner was shown */
    public record Wish(
            @NotNull Boolean granted,

            @NotNull @Pattern(regexp = "[A-Za-z0-9._-]{1,32}", message = "must be 1 to 32 letters, digits, . _ or -")
            String policyVersion) {}

    private Answer answer(List<LedgerEntry> ledger, List<Notice> told, MarketLaw law) {
        var features = new EnumMap<Feature, Decision>(Feature.class);
        ledger.forEach(entry -> features.put(entry.feature(), decision(entry, told, law)));
        return new Answer(config.currentPolicy(), features, texts.current(), ledger);
    }

    private Decision decision(LedgerEntry entry, List<Notice> told, MarketLaw law) {
        return new Decision(
                entry,
                entry.granted() && !config.isInForce(entry.policyVersion()),
                entry.granted()
                        ? null
                        : WithdrawalNotices.purgeAt(entry, told)
                                .orElseGet(() -> entry.at().plus(law.graceAfterWithdrawal(entry.feature()))));
    }

    /**
     * The newest decision of a feature.
     *
     * @param asksAgain granted, but under a policy that is no longer in force: nothing new is stored until it is granted again
     * @param purgeAt after a withdrawal, when what was stored is deleted
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Decision(@JsonUnwrapped LedgerEntry entry, boolean asksAgain, Instant purgeAt) {}

    /**
     * @param policyVersion the version in force
     * @param features the newest decision of each feature; one that is absent is off
     * @param texts what to show of each feature before it is switched on, and the version to name then
     * @param ledger all entries, oldest first
     */
    public record Answer(
            String policyVersion,
            Map<Feature, Decision> features,
            Map<Feature, ConsentTexts.ConsentText> texts,
            List<LedgerEntry> ledger) {}
}
