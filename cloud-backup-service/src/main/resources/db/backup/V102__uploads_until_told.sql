-- PENDING: room is reserved and the object may exist. SETTLED: the upload is over, but its device may not know how it ended; a stock
-- client that was not told of a success deletes the name, and that must not end a blob which was good before.
alter table uploads add column state text not null default 'PENDING' check (state in ('PENDING', 'SETTLED'));
-- Whether a DELETE of the name by the device would be the end of this upload; not once the device has sent the name again.
alter table uploads add column excuses boolean not null default true;
create index uploads_name on uploads (account_id, repository, type, name);

-- When this region's object was last read whole and found right, or first found wrong.
alter table blobs add column verified_at timestamptz;
alter table blobs add column damaged_at timestamptz;
create index blobs_unverified on blobs (verified_at nulls first) where state = 'LIVE' and damaged_at is null;

-- The device that made it; absent for those made before this was kept.
alter table repositories add column device_id text;

-- Only what is under way has room reserved.
create or replace view stored as
  select account_id, state, size from blobs
  union all select account_id, state, size from webdav_contents
  union all select account_id, 'PENDING', size from uploads where state = 'PENDING'
  union all select account_id, 'PENDING', size from webdav_uploads;
