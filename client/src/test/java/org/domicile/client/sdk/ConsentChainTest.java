package org.domicile.client.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a ledger whose hashes were computed by another program (Python's json and hashlib). */
class ConsentChainTest {
    private static final String ACCOUNT = "0198f3c2-0000-7000-8000-000000000001";
    private static final String LEDGER = """
            [
            {"at":"2026-11-22T12:00:00.123Z","feature":"backup","granted":true,"locale":"zh-CN","policyVersion":"2026-01","previous":"0000000000000000000000000000000000000000000000000000000000000000","sequence":1,"hash":"751ce4857a848ab43c1f6e4cb6f8427f79402a736c23538beb0aed55a06aa5ea"},
            {"at":"2026-11-22T12:00:01Z","feature":"messaging","granted":true,"locale":null,"policyVersion":"2026-01","previous":"751ce4857a848ab43c1f6e4cb6f8427f79402a736c23538beb0aed55a06aa5ea","sequence":2,"hash":"49c95a54674e8b50da9d4dfc834b9ca035c261258fcedbec91f24db4025eb278"},
            {"at":"2026-11-22T12:00:02.500Z","feature":"backup","granted":false,"locale":"zh-CN","policyVersion":"2026-01","previous":"49c95a54674e8b50da9d4dfc834b9ca035c261258fcedbec91f24db4025eb278","sequence":3,"hash":"d73645aa634acafd2a066d5e3bdb1e12583bba4398d18c1e2900fd48a39b8cde"}
            ]
            """;

    private ArrayNode ledger;

    @BeforeEach
    void read() throws Exception {
        ledger = (ArrayNode) new ObjectMapper().readTree(LEDGER);
    }

    @Test
    void a_ledger_that_nobody_touched_holds() {
        assertEquals(OptionalLong.empty(), ConsentChain.firstBroken(ACCOUNT, ledger));
        assertEquals(OptionalLong.empty(), ConsentChain.firstBroken(ACCOUNT, new ObjectMapper().createArrayNode()));
    }

    @Test
    void a_changed_entry_is_named() {
        ((ObjectNode) ledger.get(1)).put("granted", false);

        assertEquals(OptionalLong.of(2), ConsentChain.firstBroken(ACCOUNT, ledger));
    }

    @Test
    void an_entry_that_was_left_out_is_named() {
        ledger.remove(1);

        assertEquals(OptionalLong.of(2), ConsentChain.firstBroken(ACCOUNT, ledger));
    }

    @Test
    void a_ledger_of_another_account_does_not_pass_for_this_one() {
        assertEquals(OptionalLong.of(1), ConsentChain.firstBroken("0198f3c2-0000-7000-8000-000000000002", ledger));
    }
}
