-- Archives that owners asked for. Region-local: they do not move, and go with the account.
create table export (
  account_id uuid not null,
  id uuid not null,
  state text not null check (state in ('ORDERED', 'READY')),
  requested_at timestamptz not null,
  deadline timestamptz not null,
  expires_at timestamptz,
  attempt bigint not null default 0,
  leased_until timestamptz,
  bytes bigint,
  sha256 text,
  primary key (account_id, id)
);
create index export_ordered on export (requested_at) where state = 'ORDERED';
create index export_expiry on export (expires_at) where state = 'READY';

-- The archive, encrypted piece by piece under the account's key.
create table export_chunk (
  account_id uuid not null,
  export_id uuid not null,
  attempt bigint not null,
  number integer not null,
  sealed bytea not null,
  primary key (account_id, export_id, attempt, number),
  foreign key (account_id, export_id) references export (account_id, id) on delete cascade
);
