package org.domicile.platform.event;

/** The topics of a region and the types of the events on them. */
public final class Topics {
    public static final String ACCOUNT_EVENTS = "account.events";
    public static final String CONSENT_STATE = "consent.state";
    public static final String DEVICE_STATE = "device.state";
    public static final String RESIDENCY_DIRECTORY = "residency.directory";
    public static final String RESIDENCY_COMMANDS = "residency.commands";
    public static final String RESIDENCY_ACKS = "residency.acks";
    public static final String BACKUP_EVENTS = "backup.events";
    public static final String MESSAGING_EVENTS = "messaging.events";
    public static final String ERASURE_LIST = "erasure.list";
    public static final String MIGRATION_JOBS = "migration.jobs";
    public static final String MIGRATION_EVENTS = "migration.events";

    public static final String ACCOUNT_OPENED = "org.domicile.account.opened.v1";
    /** The grace is over: the home's migration-service erases. Said again until it is done. */
    public static final String ERASURE_ORDERED = "org.domicile.account.erasure-ordered.v1";
    /** An erasure that was ordered cannot begin yet; why is not told. Said again with every order, on {@code migration.events}. */
    public static final String ERASURE_DELAYED = "org.domicile.migration.erasure-delayed.v1";

    public static final String ERASURE_V1 = "org.domicile.erasure.v1";
    public static final String CONSENT_STATE_V1 = "org.domicile.consent.state.v1";
    public static final String DEVICE_STATE_V1 = "org.domicile.device.state.v1";
    public static final String RESIDENCY_V1 = "org.domicile.residency.v1";
    public static final String COMMAND_V1 = "org.domicile.residency.command.v1";
    public static final String ACK_V1 = "org.domicile.residency.ack.v1";

    private Topics() {}
}
