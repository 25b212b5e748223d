package org.domicile.platform.error;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.annotation.Priority;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The one failure path of the REST resources: every exception becomes problem details. */
public class ProblemMappers {
    /** RFC 9470 section 3. */
    private static final String INSUFFICIENT = "Bearer error=\"insufficient_user_authentication\", max_age=";

    @ServerExceptionMapper
    public Response known(ProblemException e) {
        return respond(e);
    }

    @ServerExceptionMapper
    @Priority(Priorities.USER - 1000)
    public Response web(WebApplicationException e) {
        return e.getResponse().getStatus() < 400 ? e.getResponse() : respond(Problems.of(e));
    }

    @ServerExceptionMapper
    @Priority(Priorities.USER - 1000)
    public Response json(JsonMappingException e) {
        return respond(Problems.of(e));
    }

    /** Beats the framework's own mapper of this class, whose answer has no body. */
    @ServerExceptionMapper
    @Priority(Priorities.USER - 1000)
    public Response mismatched(MismatchedInputException e) {
        return respond(Problems.of(e));
    }

    @ServerExceptionMapper
    @Priority(Priorities.USER - 1000)
    public Response invalid(ConstraintViolationException e) {
        return respond(Problems.of(e));
    }

    @ServerExceptionMapper
    @Priority(Priorities.USER - 1000)
    public Response unauthorized(UnauthorizedException e) {
        return respond(Problems.ofStatus(401));
    }

    @ServerExceptionMapper
    @Priority(Priorities.USER - 1000)
    public Response authenticationFailed(AuthenticationFailedException e) {
        return respond(Problems.ofStatus(401));
    }

    @ServerExceptionMapper
    @Priority(Priorities.USER - 1000)
    public Response forbidden(ForbiddenException e) {
        return respond(Problems.ofStatus(403));
    }

    @ServerExceptionMapper
    public Response unexpected(Throwable e) {
        return respond(Problems.of(e));
    }

    private static Response respond(ProblemException e) {
        var problem = e.problem();
        var response =
                Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
        var retryAfter = problem.extensions().get(Problem.RETRY_AFTER);
        if (e.code() == ErrorCode.REAUTHENTICATION_REQUIRED) {
            response.header(
                    "WWW-Authenticate", INSUFFICIENT + problem.extensions().get("maxAge"));
        }
        return (retryAfter == null ? response : response.header("Retry-After", retryAfter)).build();
    }
}
