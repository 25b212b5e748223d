package org.domicile.client.sdk;

/** An e-mail address or a phone number. Personal: {@link #toString()} does not show it. */
public record Identifier(Kind kind, String value) {

    /** The name of the field in JSON. */
    public enum Kind {
        EMAIL("email"),
        PHONE("phone");

        private final String field;

        Kind(String field) {
            this.field = field;
        }

        public String field() {
            return field;
        }
    }

    /** What holds an {@code @} is an e-mail address. */
    public static Identifier of(String value) {
        return new Identifier(value.contains("@") ? Kind.EMAIL : Kind.PHONE, value.strip());
    }

    @Override
    public String toString() {
        return "Identifier[" + kind + ", redacted]";
    }
}
