-- A task that rests does so here and not in a process: an old home has one for every account that left it and may come back.
alter table transfer add column rest_until timestamptz not null default 'epoch';
-- what the last look found: the source's counter when nothing was left to copy, and how long it rested then
alter table transfer add column source_counter bigint;
alter table transfer add column rested_millis bigint;
create index transfer_due on transfer (rest_until) where task is not null;
