-- What the erasure list says, by a hash of the account's id: it outlives the account's own rows, and a backup of them.
create table erased (
  account_hash bytea not null,
  region text not null,
  erasure_id uuid not null,
  epoch bigint not null,
  state text not null check (state in ('ORDERED', 'ERASED')),
  requested_at timestamptz not null,
  deadline timestamptz not null,
  at timestamptz not null,
  settled boolean not null default false,
  primary key (account_hash, region)
);
create index erased_unsettled on erased (at) where not settled;
create index erased_id on erased (erasure_id);

-- How far this database, not this process, has taken the list: a restored one is behind and takes the rest again.
create table erasure_position (
  topic text not null,
  partition integer not null,
  next_offset bigint not null,
  primary key (topic, partition)
);

create index fence_hash on fence (sha256(uuid_send(account_id)));

-- Frozen because the database was restored, not by a command.
alter table fence add column restored boolean not null default false;

-- Cluster, timeline, database and table that this data was last seen in; a restore changes one of them.
create table database_identity (
  one boolean primary key default true check (one),
  identity text not null
);
