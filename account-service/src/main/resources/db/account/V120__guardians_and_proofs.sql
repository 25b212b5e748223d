-- Who confirms for a minor; encrypted under the account's key. Moves with the account, and ends by itself.
create table guardian (
  account_id uuid primary key,
  version bigint not null,
  identifier bytea not null,
  since timestamptz not null,
  ends_at timestamptz not null
);
create index guardian_version on guardian (account_id, version);
create index guardian_end on guardian (ends_at);

-- What waits for a one-time code before it changes an open account. Region-local: a move ends it, and it is asked for again.
create table confirmation (
  account_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('EMAIL', 'PHONE', 'CONSENT', 'WITHDRAWAL', 'OF_AGE')),
  feature text,
  policy_version text,
  locale text,
  identifier bytea,
  code_mac bytea not null,
  attempts integer not null default 0,
  done boolean not null default false,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (account_id, id)
);
create index confirmation_expiry on confirmation (expires_at);

-- How many codes an identifier was sent, by a keyed hash that is used for nothing else.
create table code_budget (
  mac bytea primary key,
  since timestamptz not null,
  used integer not null
);
create index code_budget_since on code_budget (since);

alter table registration add column guardian_code_mac bytea;
alter table registration add column owner_confirmed boolean not null default false;
alter table registration add column guardian_confirmed boolean not null default false;

-- The account's version when its e-mail or phone changed last: what is published of them has at least this version.
alter table account add column identifiers_version bigint not null default 0;

-- Whether a guardian confirmed a grant, or made a withdrawal.
alter table consent add column guardian boolean not null default false;

alter table notice drop constraint notice_kind_check;
alter table notice add constraint notice_kind_check check (kind in ('INACTIVITY', 'WITHDRAWAL', 'IDENTIFIER_CHANGE'));
