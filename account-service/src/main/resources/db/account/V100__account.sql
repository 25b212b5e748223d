-- Personal fields (bytea) are AES-256-GCM under the account's data key, which is wrapped by the region's key.
create table account (
  account_id uuid primary key,
  version bigint not null,
  market text not null,
  email bytea,
  phone bytea,
  name bytea,
  locale text,
  opened_at timestamptz not null
);
create index account_version on account (account_id, version);

-- The wrapped data keys. Deleting a row makes every copy of that account's personal fields unreadable.
create table account_key (
  account_id uuid primary key,
  edek bytea not null
);

-- The blind index: HMAC under the region's index key. Region-local; rebuilt from the profile where an account arrives.
create table identifier (
  account_id uuid not null,
  mac bytea not null,
  primary key (account_id, mac),
  unique (mac)
);

create table device (
  account_id uuid not null,
  device_id text not null,
  version bigint not null,
  name bytea,
  model bytea,
  secret_sha256 text,
  append_only boolean not null default false,
  created_at timestamptz not null,
  revoked_at timestamptz,
  primary key (account_id, device_id)
);
create index device_version on device (account_id, version);

-- Append-only; hash = SHA-256 over the canonical content, which includes the hash before.
create table consent (
  account_id uuid not null,
  sequence bigint not null,
  version bigint not null,
  feature text not null,
  granted boolean not null,
  policy_version text not null,
  locale text,
  at timestamptz not null,
  previous text not null,
  hash text not null,
  primary key (account_id, sequence)
);
create index consent_version on consent (account_id, version);

-- Sign-ups that wait for their one-time code. Not account data: never moved, purged when they expire.
create table registration (
  id uuid primary key,
  account_id uuid not null,
  market text not null,
  identifier_mac bytea not null,
  edek bytea not null,
  sealed bytea,
  code_mac bytea not null,
  attempts integer not null,
  started boolean not null,
  confirmed boolean not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index registration_identifier on registration (identifier_mac, created_at);
create index registration_expiry on registration (expires_at);
