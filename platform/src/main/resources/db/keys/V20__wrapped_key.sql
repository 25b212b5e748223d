-- A service's key store: a database of its own, whose backups end before the shortest erasure deadline.
-- Deleting a row makes every copy of what was encrypted under that key unreadable.
-- used_at: when a row that needs the key was last about to be written, to ten minutes.
create table wrapped_key (
  account_id uuid primary key,
  edek bytea not null,
  used_at timestamptz not null default clock_timestamp()
);
