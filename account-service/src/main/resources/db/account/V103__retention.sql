-- When the owner was last here, to the week, and how far the erasure of an inactive account has come. Moves with the account.
create table activity (
  account_id uuid primary key,
  version bigint not null,
  at timestamptz not null,
  notices integer not null default 0,
  erase_at timestamptz,
  erasure_id uuid
);
create index activity_version on activity (account_id, version);
create index activity_at on activity (at);
insert into activity (account_id, version, at) select account_id, version, opened_at from account;

-- What the owner was told about data that is going to be deleted: kinds and dates, no content. Moves with the account.
create table notice (
  account_id uuid not null,
  id uuid not null,
  version bigint not null,
  kind text not null check (kind in ('INACTIVITY', 'WITHDRAWAL')),
  feature text,
  at timestamptz not null,
  due_at timestamptz not null,
  sent_at timestamptz,
  primary key (account_id, id)
);
create index notice_version on notice (account_id, version);
create index notice_unsent on notice (at) where sent_at is null;
create index notice_due on notice (due_at);
