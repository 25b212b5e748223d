-- How many people an account has looked for since then. It stays in this region when the account moves.
create table discovery_budget (
    account_id uuid primary key,
    since      timestamptz not null,
    used       integer not null,
    version    bigint not null
);
create index discovery_budget_since on discovery_budget (since);
