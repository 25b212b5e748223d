-- What happened to the account's sign-in and rights: kinds and times. Moves with the account.
create table security_event (
  account_id uuid not null,
  id uuid not null,
  version bigint not null,
  kind text not null,
  at timestamptz not null,
  primary key (account_id, id)
);
create index security_event_version on security_event (account_id, version);
create index security_event_at on security_event (at);
