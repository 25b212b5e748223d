-- When a device of the account was last let in here, to the day: an account whose devices work is not inactive. Region-local.
create table device_use (
  account_id uuid primary key,
  at timestamptz not null
);
