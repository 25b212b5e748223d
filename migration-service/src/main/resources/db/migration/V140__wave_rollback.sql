-- A wave that is rolled back: each account's rollback has its id before its home is first asked for it.
alter table wave_account add column rollback_id uuid;
-- How fast the participants of a rollback that another region's wave asked for may copy.
alter table move add column records_per_second bigint;
alter table move add column bytes_per_second bigint;
