-- A move that its own coordinator gave up is begun again by its wave, after a while and so many times.
alter table wave_account add column attempts int not null default 0;
alter table wave_account add column retry_at timestamptz;
create index wave_account_retry on wave_account (wave_id) where retry_at is not null;

-- Who ordered that it be aborted; null = its coordinator gave it up, or it was not aborted.
alter table move add column aborted_by text;
