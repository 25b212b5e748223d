-- A kept copy is compared with its home before it is purged; a copy under way is compared before it counts as caught up.
alter table transfer drop constraint transfer_task_check;
alter table transfer add constraint transfer_task_check check (task in ('COPY', 'CHECK', 'SEAL', 'SETTLE', 'PURGE'));
-- Comparisons of this copy with its home that did not end in equal.
alter table transfer add column unequal int not null default 0;
