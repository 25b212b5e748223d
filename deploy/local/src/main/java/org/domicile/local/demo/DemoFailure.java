package org.domicile.local.demo;

/** A promise that did not hold. */
final class DemoFailure extends RuntimeException {
    DemoFailure(String message) {
        super(message);
    }

    static void unless(boolean held, String format, Object... arguments) {
        if (!held) {
            throw new DemoFailure(format.formatted(arguments));
        }
    }
}
