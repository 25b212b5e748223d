package org.domicile.platform.trace;

import io.opentelemetry.api.common.AttributeKey;

/** All that a span may say ({@code docs/traces.md}): ids, names of fixed sets, numbers. Never a path, a query, an address or a text. */
public final class TraceFields {
    public static final AttributeKey<String> ACCOUNT = AttributeKey.stringKey("domicile.account");
    public static final AttributeKey<String> MOVE = AttributeKey.stringKey("domicile.move");
    public static final AttributeKey<String> FROM = AttributeKey.stringKey("domicile.from");
    public static final AttributeKey<String> TO = AttributeKey.stringKey("domicile.to");
    /** What a record is keyed by: an account's id, a wave's on {@code migration.jobs}. */
    public static final AttributeKey<String> KEY = AttributeKey.stringKey("domicile.key");

    static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    /** The class of the failure, without its message. */
    static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private TraceFields() {}
}
