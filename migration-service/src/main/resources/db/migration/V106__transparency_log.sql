-- The region's transparency log: its leaves are commitments to receipts, its nodes the perfect subtrees of the Merkle tree.
create table log_entry (
  index bigint primary key,
  entry bytea not null
);

create table log_node (
  level smallint not null,
  index bigint not null,
  hash bytea not null,
  primary key (level, index)
);

-- one row: the newest checkpoint, as a signed note, with the cosignatures that have come
create table log_head (
  id boolean primary key default true check (id),
  size bigint not null,
  note text not null
);

-- the newest checkpoint of every other region's log that this region has cosigned
create table witnessed (
  origin text primary key,
  size bigint not null,
  root text not null
);

-- a receipt of a consent has no move, but a subject that is not receipted twice; the index is null until the log has it
alter table receipt alter column move_id drop not null;
alter table receipt add column subject text;
alter table receipt add column leaf_index bigint;
create unique index receipt_subject on receipt (account_id, subject);
create index receipt_unlogged on receipt (id) where leaf_index is null;
