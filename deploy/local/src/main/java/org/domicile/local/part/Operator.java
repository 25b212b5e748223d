package org.domicile.local.part;

import org.domicile.local.home.Secrets;

/** The operator that every region of the local stack knows. */
public final class Operator {
    public static final String NAME = "operator";

    private Operator() {}

    public static String password(Secrets secrets) {
        return secrets.of("operator");
    }
}
