create table repositories (
  account_id uuid not null,
  repository text collate "C" not null,
  version bigint not null,
  created_at timestamptz not null,
  primary key (account_id, repository)
);
create index repositories_version on repositories (account_id, version);

-- Blobs that a client was told are stored (LIVE), and those it deleted within the trash window (TRASHED).
-- One LIVE blob a name: every write holds the account's fence row, so that a look before the insert is enough.
-- generation names the object in this region's store; it does not travel with the account.
create table blobs (
  account_id uuid not null,
  blob_id uuid not null,
  version bigint not null,
  repository text collate "C" not null,
  type text collate "C" not null,
  name text collate "C" not null,
  size bigint not null,
  sha256 text not null,
  state text not null check (state in ('LIVE', 'TRASHED')),
  stored_at timestamptz not null,
  trashed_at timestamptz,
  generation uuid not null,
  primary key (account_id, blob_id),
  check ((state = 'TRASHED') = (trashed_at is not null))
);
create index blobs_version on blobs (account_id, version);
create index blobs_live on blobs (account_id, repository, type, name) include (size) where state = 'LIVE';
create index blobs_trashed on blobs (trashed_at) where state = 'TRASHED';
create index blobs_generation on blobs (account_id, generation);

-- PENDING: room that is reserved, and the object that may exist, from before the first byte of an upload until it is LIVE.
create table uploads (
  account_id uuid not null,
  generation uuid not null,
  repository text not null,
  type text not null,
  name text not null,
  size bigint not null,
  device_id text not null,
  started_at timestamptz not null,
  primary key (account_id, generation)
);
create index uploads_started on uploads (started_at);

-- Bytes LIVE and PENDING; recounted before a refusal.
create table usage (
  account_id uuid primary key,
  bytes bigint not null
);

-- At the target of a move: the objects that were copied, until the account is at home here.
create table fetched (
  account_id uuid not null,
  blob_id uuid not null,
  generation uuid not null,
  primary key (account_id, blob_id)
);
