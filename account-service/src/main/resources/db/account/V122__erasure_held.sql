-- Since when an erasure that was ordered cannot begin. Moves with the account.
alter table erasure add column held_since timestamptz;

alter table notice drop constraint notice_kind_check;
alter table notice add constraint notice_kind_check
  check (kind in ('INACTIVITY', 'WITHDRAWAL', 'IDENTIFIER_CHANGE', 'ERASURE_DELAYED'));
