-- When this region's objects of a content were last read whole and found right, or first found wrong.
alter table webdav_contents add column verified_at timestamptz;
alter table webdav_contents add column damaged_at timestamptz;
create index webdav_contents_unverified on webdav_contents (verified_at nulls first) where state = 'LIVE' and damaged_at is null;
