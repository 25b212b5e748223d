-- A new password that waits for a one-time code. It names an identifier by its keyed hashes, whether an account has it or not.
create table password_reset (
  id uuid primary key,
  identifier_macs bytea[] not null,
  code_mac bytea not null,
  attempts integer not null default 0,
  done boolean not null default false,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index password_reset_expiry on password_reset (expires_at);

alter table notice drop constraint notice_kind_check;
alter table notice add constraint notice_kind_check
  check (kind in ('INACTIVITY', 'WITHDRAWAL', 'IDENTIFIER_CHANGE', 'ERASURE_DELAYED', 'PASSWORD_CHANGED'));
