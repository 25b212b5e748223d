-- Accounts that are erased for good, by the hash of their id: nothing that comes late makes a row for one. Services that know of erasures
-- say which.
create view erased_account as select null::bytea as account_hash where false;
