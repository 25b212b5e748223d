package org.domicile.account.testing;

/** The same, with databases behind a {@link org.domicile.platform.testing.CrashingDatabase}, and exports that ask backup too; for single classes. */
public final class CrashingAccountParts extends AccountParts {
    public CrashingAccountParts() {
        super(true);
    }

    @Override
    public int order() {
        return 1;
    }
}
