-- Waves: many accounts moved by one order. What is left to do is in these tables alone; any process goes on with it.
create table wave (
  id uuid primary key,
  name text not null,
  spec jsonb not null,
  state text not null,
  reason text,
  requested_by text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  -- the last account that was looked at; null again once all are selected
  selected_to uuid,
  selected boolean not null default false,
  -- moves that failed since the wave last began to run
  failures int not null default 0,
  -- moves at a time that the latency at both ends allows now
  concurrency int not null,
  adjusted_at timestamptz not null,
  lease_owner uuid,
  lease_until timestamptz
);
create index wave_live on wave (id) where ended_at is null;

create table wave_step (
  wave_id uuid not null,
  number int not null,
  state text not null,
  at timestamptz not null,
  reason text,
  primary key (wave_id, number)
);

create table wave_account (
  account_id uuid not null,
  wave_id uuid not null,
  state text not null,
  move_id uuid,
  reason text,
  started_at timestamptz,
  ended_at timestamptz,
  primary key (account_id, wave_id)
);
create index wave_account_state on wave_account (wave_id, state, account_id);
create index wave_account_ended on wave_account (wave_id, ended_at) where ended_at is not null;
create index wave_account_move on wave_account (move_id);

-- An operator's names for sets of accounts.
create table account_label (
  account_id uuid not null,
  label text not null,
  primary key (account_id, label)
);
create index account_label_label on account_label (label, account_id);

-- People whose data left this region, where a market's law counts them by the year.
create table transfer_head (
  account_id uuid not null,
  year int not null,
  source text not null,
  market text not null,
  target text not null,
  at timestamptz not null,
  primary key (account_id, year, source)
);
create table transfer_total (
  market text not null,
  source text not null,
  year int not null,
  people bigint not null,
  primary key (market, source, year)
);
create index directory_market on directory (home, market, account_id);
