-- An owner's wish to be erased, and how far it has come. Moves with the account: whoever is home carries it out.
create table erasure (
  account_id uuid primary key,
  version bigint not null,
  id uuid not null,
  state text not null check (state in ('SCHEDULED', 'CANCELLED', 'ORDERED')),
  requested_at timestamptz not null,
  effective_at timestamptz not null,
  deadline timestamptz not null,
  said_at timestamptz
);
create index erasure_version on erasure (account_id, version);
create unique index erasure_id on erasure (id);
create index erasure_due on erasure (effective_at) where state <> 'CANCELLED';

-- What a market's law wants kept, of accounts of that market only, past an erasure too: ids, kinds and times, no content.
create table legal_log (
  account_id uuid not null,
  id bigint generated always as identity,
  event text not null,
  at timestamptz not null,
  expires_at timestamptz not null,
  primary key (account_id, id)
);
create index legal_log_expiry on legal_log (expires_at);
