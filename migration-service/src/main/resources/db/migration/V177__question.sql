-- A region's answer ends only the question that it was asked: a database may be restored once more meanwhile.
alter table restored_unasked add column question uuid not null default gen_random_uuid();

-- When these data were reconciled after their last restore, and the epoch from which they go on: it is above all that were given out
-- before, also by what was restored from the same backup.
create table reconciliation (at timestamptz not null, epoch bigint not null);
