package org.domicile.platform.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.note.NoteApplication;
import org.domicile.platform.note.NoteProfile;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(NoteProfile.class)
class CompactedTopicsIT {
    private static final String TOPIC = "backup.events";

    @Inject
    NoteApplication application;

    @Test
    void the_last_record_of_an_account_says_whether_compaction_leaves_something() {
        var kept = AccountId.create();
        var withdrawn = AccountId.create();
        var unheard = AccountId.create();
        application.topics().raw(TOPIC, withdrawn.toString(), "{}");
        application.topics().raw(TOPIC, withdrawn.toString(), null);
        application.topics().raw(TOPIC, kept.toString(), null);
        application.topics().raw(TOPIC, kept.toString(), "{}");
        var topics = new CompactedTopics(Map.of("bootstrap.servers", application.bootstrap()), 2);

        assertEquals(Map.of(TOPIC, 1L), left(topics, kept));
        assertEquals(Map.of(TOPIC, 0L), left(topics, withdrawn));
        assertEquals(Map.of(TOPIC, 0L), left(topics, unheard));
    }

    @Test
    void many_that_ask_at_once_are_all_answered() {
        var topics = new CompactedTopics(Map.of("bootstrap.servers", application.bootstrap()), 2);

        var answers = IntStream.range(0, 50)
                .mapToObj(i -> topics.left(AccountId.create(), List.of(TOPIC)).subscribeAsCompletionStage())
                .toList();

        answers.forEach(answer ->
                assertEquals(Map.of(TOPIC, 0L), answer.toCompletableFuture().join()));
    }

    private static Map<String, Long> left(CompactedTopics topics, AccountId account) {
        return topics.left(account, List.of(TOPIC)).await().indefinitely();
    }
}
