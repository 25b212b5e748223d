-- When an event happened: how long the first one has waited is watched.
alter table outbox add column at timestamptz not null default now();
