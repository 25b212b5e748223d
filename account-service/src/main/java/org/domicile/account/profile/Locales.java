package org.domicile.account.profile;

import java.util.regex.Pattern;

/** Language tags (BCP 47) as clients send them. */
public final class Locales {
    /** A language with optional subtags. */
    public static final String TAG = "[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}";

    private static final Pattern FIRST = Pattern.compile("\\s*(" + TAG + ")\\s*(?:[,;].*)?");

    private Locales() {}

    /** The first tag of an Accept-Language field (RFC 9110 section 12.5.4), or null. */
    public static String first(String acceptLanguage) {
        if (acceptLanguage == null) {
            return null;
        }
        var matcher = FIRST.matcher(acceptLanguage);
        return matcher.matches() ? matcher.group(1) : null;
    }
}
