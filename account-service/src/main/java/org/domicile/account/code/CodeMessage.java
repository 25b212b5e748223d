package org.domicile.account.code;

/**
 * A one-time code and what it is for: what a gateway sends.
 *
 * @param reference what the code confirms, as {@code ./domicile account confirm} takes it; the code is worth nothing elsewhere
 */
public record CodeMessage(Purpose purpose, String code, String reference) {
    /** What the code's holder agrees to. */
    public enum Purpose {
        SIGN_UP("is your code to open an account"),
        PASSWORD_RESET("is your code to set a new password"),
        NEW_IDENTIFIER("is your code to use this address or number for your account"),
        GUARDIAN_OF_SIGN_UP("is the code to agree, as the guardian, that an account is opened for a minor"),
        GUARDIAN_OF_CONSENT("is the code to agree, as the guardian, that a minor switches on a feature"),
        GUARDIAN_OF_WITHDRAWAL("is the code to switch off, as the guardian, a feature of a minor's account"),
        GUARDIAN_OF_COMING_OF_AGE("is the code to agree that the account needs you as the guardian no more");

        private final String sentence;

        Purpose(String sentence) {
            this.sentence = sentence;
        }
    }

    /** What is sent; names nobody. */
    public String text() {
        return code + " " + purpose.sentence + " (" + reference
                + "). Give it to nobody else; if you did not expect it, do nothing.";
    }

    @Override
    public String toString() {
        return "CodeMessage[" + purpose + "]";
    }
}
