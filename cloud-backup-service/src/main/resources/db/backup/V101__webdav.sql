-- The data key of an account in this region, wrapped by the region's key. It never leaves the region, and goes with a purge.
create table data_key (
  account_id uuid primary key,
  edek bytea not null
);

-- What a WebDAV client stored: immutable, encrypted under the account's data key in objects of one generation.
-- details: encrypted JSON with the SHA-256 of the plaintext. generation names the objects in this region's store and stays here.
-- TRASHED: no live resource names it any more.
create table webdav_contents (
  account_id uuid not null,
  content_id uuid not null,
  version bigint not null,
  size bigint not null,
  details bytea not null,
  state text not null check (state in ('LIVE', 'TRASHED')),
  stored_at timestamptz not null,
  generation uuid not null,
  primary key (account_id, content_id)
);
create index webdav_contents_version on webdav_contents (account_id, version);
create index webdav_contents_generation on webdav_contents (account_id, generation);

-- Files (with a content) and collections (without). details: encrypted JSON with name, media type and dead properties.
-- name_mac: keyed hash of the name in this region, to find it by. The root is the nil UUID and has no row.
-- In the trash, all rows of a deleted tree have trashed_at, and its top hangs below the parent ffffffff-….
create table webdav_resources (
  account_id uuid not null,
  resource_id uuid not null,
  version bigint not null,
  parent_id uuid not null,
  name_mac text collate "C" not null,
  details bytea not null,
  content_id uuid,
  created_at timestamptz not null,
  modified_at timestamptz not null,
  trashed_at timestamptz,
  primary key (account_id, resource_id)
);
create index webdav_resources_version on webdav_resources (account_id, version);
create index webdav_resources_child on webdav_resources (account_id, parent_id, name_mac);
create index webdav_resources_content on webdav_resources (account_id, content_id) where content_id is not null;
create index webdav_resources_trashed on webdav_resources (trashed_at) where trashed_at is not null;

-- Room that is reserved, and objects that may exist, from before the first byte of a PUT until its content is LIVE.
create table webdav_uploads (
  account_id uuid not null,
  generation uuid not null,
  size bigint not null,
  device_id text not null,
  started_at timestamptz not null,
  primary key (account_id, generation)
);
create index webdav_uploads_started on webdav_uploads (started_at);

-- At the target of a move: the contents that were copied, until the account is at home here.
create table webdav_fetched (
  account_id uuid not null,
  content_id uuid not null,
  generation uuid not null,
  primary key (account_id, content_id)
);

-- Bytes of an account, whatever protocol they came by: LIVE and PENDING count against the quota, TRASHED do not.
create view stored as
  select account_id, state, size from blobs
  union all select account_id, state, size from webdav_contents
  union all select account_id, 'PENDING', size from uploads
  union all select account_id, 'PENDING', size from webdav_uploads;
