-- A running instance of this service, and where the others reach it. One that is not seen for a while is forgotten.
create table instance (
    instance_id uuid primary key,
    address     text not null,
    seen        timestamptz not null
);

-- Which instance holds a device's connection. It belongs to this region and stays here when the account moves.
create table presence (
    account_id  uuid not null,
    device_id   text not null,
    instance_id uuid not null,
    connection  bigint not null,
    primary key (account_id, device_id)
);
create index presence_instance on presence (instance_id);

-- A delivery receipt that a sender asked for (RFC 8030 section 5.1). Status: empty while the message waits, 204 taken, 410 given up.
create table receipt (
    account_id      uuid not null,
    message_id      uuid not null,
    receipt_sha256  bytea not null,
    location        bytea not null,
    status          smallint,
    message_expires timestamptz not null,
    expires         timestamptz not null,
    version         bigint not null,
    primary key (account_id, message_id)
);
create index receipt_subscription on receipt (account_id, receipt_sha256);
create index receipt_expiry on receipt (expires);
create index receipt_version on receipt (account_id, version);

-- Where the receipts of a subscription's messages are fetched.
alter table subscription add column receipt_sha256 bytea;
create index subscription_receipt on subscription (account_id, receipt_sha256);
