-- Work that one instance does at a time, over all that the region stores. Nothing of an account.
-- cursor: behind which the work goes on; null when it was done to its end.
create table turns (
  work text primary key,
  holder uuid not null,
  held_until timestamptz not null,
  begun_at timestamptz not null,
  cursor text collate "C"
);
