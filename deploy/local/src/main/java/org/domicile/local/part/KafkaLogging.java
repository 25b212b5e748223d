package org.domicile.local.part;

import java.nio.file.Path;
import org.domicile.local.home.PrivateFiles;

/** The logging of broker and mirror: without a configuration of its own the mirror logs at DEBUG. */
final class KafkaLogging {
    private static final String CONFIGURATION = """
            status = error
            appender.out.type = Console
            appender.out.name = out
            appender.out.layout.type = PatternLayout
            appender.out.layout.pattern = %d{ISO8601} %p %c{1} %m%n
            rootLogger.level = warn
            rootLogger.appenderRef.out.ref = out
            logger.server.name = org.apache.kafka.server
            logger.server.level = warn
            logger.broker.name = kafka.server
            logger.broker.level = info
            logger.config.name = org.apache.kafka.common.config
            logger.config.level = error
            """;

    private KafkaLogging() {}

    /** Writes it and returns the JVM's option. */
    static String write(Path folder) {
        var file = folder.resolve("log4j2.properties");
        PrivateFiles.write(file, CONFIGURATION);
        return "-Dlog4j2.configurationFile=" + file;
    }
}
