-- Until when URLs that were handed out for an account can be used: a purge waits for it, then lists.
create table presigned (
  account_id uuid primary key,
  last_expiry timestamptz not null
);

-- A direct upload's staging object is named by its generation alone; what becomes LIVE is a copy that no URL reaches.
alter table uploads add column expires_at timestamptz;
