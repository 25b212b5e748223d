-- A rollback is a move of its own; the move that it undoes waits for it.
alter table move add column fed boolean not null default false;
alter table move add column rollback_of uuid;
drop index move_one_at_a_time;
create unique index move_one_at_a_time on move (account_id) where not settled and state <> 'ROLLING_BACK';
