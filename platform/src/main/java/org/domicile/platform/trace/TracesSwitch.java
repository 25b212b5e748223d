package org.domicile.platform.trace;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;

/** Traces are on where {@code domicile.traces.endpoint} is set: the library's own switch follows that. */
public final class TracesSwitch implements ConfigSourceInterceptor {
    private static final long serialVersionUID = 1L;
    private static final String SWITCH = "quarkus.otel.sdk.disabled";
    private static final String ENDPOINT = "domicile.traces.endpoint";

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        if (!SWITCH.equals(name)) {
            return context.proceed(name);
        }
        var endpoint = context.proceed(ENDPOINT);
        var isOff = endpoint == null
                || endpoint.getValue() == null
                || endpoint.getValue().isBlank();
        return ConfigValue.builder()
                .withName(SWITCH)
                .withValue(Boolean.toString(isOff))
                .withRawValue(Boolean.toString(isOff))
                .withConfigSourceName(getClass().getName())
                .build();
    }
}
