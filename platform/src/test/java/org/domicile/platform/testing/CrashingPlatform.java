package org.domicile.platform.testing;

/**
 * The same, with both databases behind a {@link CrashingDatabase}; for single classes ({@code restrictToAnnotatedClass}). What a module's
 * other tests share is started for such a class as well, before this: this counts.
 */
public final class CrashingPlatform extends PlatformResource {
    public CrashingPlatform() {
        super(true);
    }

    @Override
    public int order() {
        return 1;
    }
}
