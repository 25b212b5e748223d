-- Fences past their deadline are found apart from the many moves whose soak is over.
create index move_fence_due on move (deadline) where not settled and state in ('FENCING', 'SEALED', 'VERIFIED');
-- Moves are looked through by account when a process starts.
drop index move_due;
create index move_due on move (deadline, account_id) where not settled;
create index move_waits on move (account_id) where not settled and state not in ('SOAK', 'HELD', 'ROLLING_BACK');
