-- This region's own rows of the residency directory (migration.md rule 1): changed only by compare-and-set.
create table directory (
  account_id uuid primary key,
  home text not null,
  epoch bigint not null,
  state text not null,
  shadow_epoch bigint not null default 0,
  market text,
  move_id uuid
);

create table move (
  account_id uuid not null,
  id uuid not null unique,
  source text not null,
  target text not null,
  state text not null,
  reason text,
  shadow_epoch bigint not null,
  fence_epoch bigint not null,
  home_epoch bigint not null,
  end_epoch bigint not null,
  deadline timestamptz,
  settled boolean not null,
  requested_by text not null,
  created_at timestamptz not null,
  primary key (account_id, id)
);
create unique index move_one_at_a_time on move (account_id) where not settled;
create index move_due on move (deadline) where not settled;

-- Every state that a move has been in; the order is that of the numbers.
create table move_step (
  account_id uuid not null,
  move_id uuid not null,
  number int not null,
  state text not null,
  at timestamptz not null,
  reason text,
  primary key (account_id, move_id, number)
);

-- What participants said of themselves, at most one row per participant and epoch.
create table ack (
  account_id uuid not null,
  region text not null,
  service text not null,
  epoch bigint not null,
  body jsonb not null,
  primary key (account_id, region, service, epoch)
);

-- Rule 4: at most one command per participant and epoch, ever.
create table command (
  account_id uuid not null,
  region text not null,
  service text not null,
  epoch bigint not null,
  operation text not null,
  primary key (account_id, region, service, epoch)
);

-- What another region's migration-service has yet to acknowledge; in order within a lane.
create table delivery (
  account_id uuid not null,
  id bigint generated always as identity,
  region text not null,
  lane text not null,
  kind text not null,
  body text not null,
  attempts int not null default 0,
  next_at timestamptz not null,
  primary key (account_id, id)
);
create index delivery_due on delivery (next_at);

create table receipt (
  account_id uuid not null,
  id uuid not null unique,
  move_id uuid not null,
  kind text not null,
  salt bytea not null,
  jws text not null,
  primary key (account_id, id)
);
