package org.domicile.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class RetentionCommandTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void a_class_of_data_is_one_line() throws Exception {
        assertEquals(
                "  exports            7 days                   3 stored, 1 to go",
                RetentionCommand.line(
                        MAPPER.readTree("{\"class\":\"exports\",\"retention\":\"PT168H\",\"items\":3,\"due\":1}")));
        assertEquals(
                "  profile            with the account        12 stored, 0 to go",
                RetentionCommand.line(MAPPER.readTree("{\"class\":\"profile\",\"items\":12,\"due\":0}")));
    }
}
