-- Held rows are counted again and again.
create index fence_restored on fence (account_id) where restored;
