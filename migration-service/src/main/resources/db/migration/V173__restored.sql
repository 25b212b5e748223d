-- Cluster, timeline, database and table that these data were last seen in; a restore changes one of them.
create table database_identity (
  one boolean primary key default true check (one),
  identity text not null
);

-- The regions that have yet to be asked, after a restore, what happened between them and this one since the backup.
create table restored_unasked (
  region text primary key,
  since timestamptz not null
);
