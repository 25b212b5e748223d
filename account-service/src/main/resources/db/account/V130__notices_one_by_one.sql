-- When a notice is tried next, how often it was, and the kinds of identifiers that have it already. Of this region: none of it moves.
alter table notice add column try_at timestamptz not null default now();
alter table notice add column tries integer not null default 0;
alter table notice add column sent_to text[] not null default '{}';
update notice set try_at = at where sent_at is null and kind = 'WITHDRAWAL';

drop index notice_unsent;
create index notice_unsent on notice (try_at) where sent_at is null;
