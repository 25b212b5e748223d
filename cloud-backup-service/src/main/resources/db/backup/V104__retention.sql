-- The market that an account was opened in: it decides how long a withdrawn backup is kept. It travels with the account.
create table account_market (
  account_id uuid primary key,
  version bigint not null,
  market text not null
);
create index account_market_version on account_market (account_id, version);

-- Purges whose rows are gone and whose objects have not been proved to be. This region's own.
create table purges (
  account_id uuid primary key,
  reason text not null,
  blobs bigint not null,
  bytes bigint not null,
  started_at timestamptz not null
);

create index blobs_trash on blobs (account_id, repository, blob_id) where state = 'TRASHED';
