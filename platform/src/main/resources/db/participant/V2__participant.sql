-- Every participant's database: the fence, the projections that writes are checked against, and moves under way.
create table fence (
  account_id uuid primary key,
  mode text not null check (mode in ('NONE', 'OWN', 'FROZEN', 'SHADOW', 'CLOSED')),
  epoch bigint not null,
  version bigint not null default 0,
  at timestamptz not null default clock_timestamp()
);

-- Committed before a freeze queues for the fence row: new writers wait outside any transaction.
create table fence_intent (
  account_id uuid primary key,
  epoch bigint not null
);

create table consent_projection (
  account_id uuid primary key,
  version bigint not null,
  epoch bigint not null,
  features jsonb not null
);

create table device_projection (
  account_id uuid primary key,
  version bigint not null,
  epoch bigint not null,
  devices jsonb not null
);

create table transfer (
  account_id uuid primary key,
  task text check (task in ('COPY', 'SEAL', 'SETTLE', 'PURGE')),
  shadow_epoch bigint not null default 0,
  grant_jws text,
  closing jsonb,
  mac_key bytea,
  cursors jsonb not null default '{}',
  records bigint not null default 0,
  bytes bigint not null default 0,
  ack jsonb,
  lease_owner uuid,
  lease_until timestamptz
);

create table transfer_mac (
  account_id uuid not null,
  class text not null,
  key text collate "C" not null,
  version bigint not null,
  mac bytea not null,
  primary key (account_id, class, key)
);
