-- A log that lost entries in a restore cannot go on: another one follows it, of the next generation. While it is unsure whether
-- entries were lost, the log takes none.
alter table log_head add column generation int not null default 1;
alter table log_head add column unsure boolean not null default false;
