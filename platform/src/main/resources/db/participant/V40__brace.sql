-- What was done before a freeze: the FREEZE's epoch, the account's counter at which the MACs were in line with the records, and the digests of
-- the classes whose MACs have not changed since.
alter table transfer
  add column braced bigint not null default 0,
  add column level bigint not null default -1,
  add column digests jsonb not null default '{}';
