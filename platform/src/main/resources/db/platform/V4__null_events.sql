-- A null value deletes its key from a compacted topic.
alter table outbox alter column value drop not null;
