-- The object that a direct upload's commit copies to, named before the copy is begun.
alter table uploads add column copy_generation uuid;
