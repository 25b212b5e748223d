-- Of which policy the owner was told last that it needs to be agreed to. Moves with the account.
alter table activity add column told_policy text;
create index consent_policy on consent (policy_version, account_id) where granted;

alter table notice drop constraint notice_kind_check;
alter table notice add constraint notice_kind_check check (kind in
  ('INACTIVITY', 'WITHDRAWAL', 'IDENTIFIER_CHANGE', 'ERASURE_DELAYED', 'PASSWORD_CHANGED', 'POLICY_CHANGED'));
