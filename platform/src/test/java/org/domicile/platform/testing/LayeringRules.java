package org.domicile.platform.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.core.http.HttpClientResponse;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The layering that holds in every service; a service's own test includes them with {@code ArchTests.in}. */
public final class LayeringRules {
    @ArchTest
    static final ArchRule resources_speak_neither_sql_nor_kafka = noClasses()
            .that()
            .haveSimpleNameEndingWith("Resource")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.mutiny.sqlclient..", "io.quarkus.hibernate..", "org.apache.kafka..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule only_resources_and_headers_speak_rest = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Resource")
            .and()
            .haveSimpleNameNotEndingWith("Header")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.ws.rs..");

    @ArchTest
    static final ArchRule only_consumers_take_events = methods()
            .that()
            .areAnnotatedWith(Incoming.class)
            .should()
            .beDeclaredInClassesThat()
            .haveSimpleNameEndingWith("Consumer")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule events_leave_through_the_outbox_only = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("org\\.apache\\.kafka\\.clients\\.producer\\..*|.*reactive\\.messaging\\.Emitter");

    /** Elsewhere than on an event loop, an answer may have ended before its body is asked for: {@code Answer} sees to it. */
    @ArchTest
    static final ArchRule answers_are_read_whole_by_the_platform =
            noClasses().should().callMethod(HttpClientResponse.class, "body");

    private LayeringRules() {}
}
