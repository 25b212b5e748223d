create table note (
  account_id uuid not null,
  id text not null,
  body jsonb,
  written timestamptz not null default now(),
  sum bytea,
  version bigint not null,
  shout text generated always as (upper(id)) stored,
  primary key (account_id, id)
);
create index note_version on note (account_id, version);
