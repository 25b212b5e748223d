-- The id by which an autopush client recognises its own registrations; another one tells it that they are gone.
create table user_agent (
    account_id uuid not null,
    device_id  text not null,
    uaid       uuid not null,
    version    bigint not null,
    primary key (account_id, device_id)
);
create index user_agent_version on user_agent (account_id, version);

-- A push endpoint. The capability in its URL is known to the sender and the device only.
create table subscription (
    account_id        uuid not null,
    device_id         text not null,
    channel_id        uuid not null,
    capability_sha256 bytea not null,
    sender_key        bytea,
    version           bigint not null,
    primary key (account_id, device_id, channel_id)
);
create unique index subscription_capability on subscription (account_id, capability_sha256);
create index subscription_version on subscription (account_id, version);

-- A message that waits. Delivered, cancelled, replaced, expired: the row is gone.
create table message (
    account_id      uuid not null,
    message_id      uuid not null,
    device_id       text not null,
    channel_id      uuid not null,
    location_sha256 bytea not null,
    topic           text,
    body            bytea not null,
    expires         timestamptz not null,
    version         bigint not null,
    primary key (account_id, message_id)
);
create index message_queue on message (account_id, device_id, version);
create index message_backlog on message (account_id, device_id, channel_id);
create unique index message_topic on message (account_id, device_id, channel_id, topic) where topic is not null;
create unique index message_location on message (account_id, location_sha256);
create index message_expiry on message (expires);
create index message_version on message (account_id, version);

-- The endpoint and keys that an owner publishes for device-to-device messages (RFC 8291).
create table inbox (
    account_id  uuid not null,
    device_id   text not null,
    channel_id  uuid not null,
    endpoint    text not null,
    p256dh      bytea not null,
    auth_secret bytea not null,
    version     bigint not null,
    primary key (account_id, device_id)
);
create index inbox_version on inbox (account_id, version);

-- Who consented to be found, by the keyed hashes of their number and address; see BlindIndex.
create index discoverable on consent_projection using gin ((features #> '{discoverability,index}'));
