package org.domicile.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.PropertiesLocationConfigSourceFactory;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which order {@code deploy/kubernetes} must name the files of a service's configuration. */
class ConfigurationFilesTest {
    @Test
    void of_several_files_the_first_that_has_a_key_wins(@TempDir Path folder) throws IOException {
        var region = Files.writeString(folder.resolve("region.properties"), "both=region\n");
        var common = Files.writeString(folder.resolve("common.properties"), "both=common\none=common\n");

        var config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(
                        Map.of("smallrye.config.locations", region + "," + common), "environment", 300))
                .withSources(new PropertiesLocationConfigSourceFactory())
                .build();

        assertEquals("region", config.getRawValue("both"));
        assertEquals("common", config.getRawValue("one"));
    }
}
