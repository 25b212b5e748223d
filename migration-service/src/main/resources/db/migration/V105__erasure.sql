-- Accounts that this region erases or heard to be erased, by a hash of their id: no late event or command makes a row for one.
create table erasure (
  account_hash bytea primary key,
  erasure_id uuid not null,
  region text not null,
  epoch bigint not null,
  state text not null check (state in ('ORDERED', 'ERASED')),
  requested_at timestamptz not null,
  deadline timestamptz not null,
  at timestamptz not null
);
create index directory_hash on directory (sha256(uuid_send(account_id)));
