-- When the data were restored last; no row: they never were.
create table restored_data (
  one boolean primary key default true check (one),
  at timestamptz not null
);

-- Consumers' partitions, by group, topic and number, that have been taken from their beginning since.
create table read_anew (consumer text primary key);
