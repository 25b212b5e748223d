-- Every state that a directory row has been in, in order: what the conformance test replays against AccountMove.tla, and what an
-- operator reads when two regions disagree. Written by the database itself, so that no path forgets it.
create table directory_log (
  account_id uuid not null,
  number bigint generated always as identity,
  home text not null,
  epoch bigint not null,
  state text not null,
  shadow_epoch bigint not null,
  at timestamptz not null default now(),
  primary key (account_id, number)
);
create index directory_log_at on directory_log (at);

create function directory_logged() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' or (new.home, new.epoch, new.state, new.shadow_epoch)
      is distinct from (old.home, old.epoch, old.state, old.shadow_epoch) then
    insert into directory_log (account_id, home, epoch, state, shadow_epoch)
      values (new.account_id, new.home, new.epoch, new.state, new.shadow_epoch);
  end if;
  return null;
end $$;

create trigger directory_logged after insert or update on directory for each row execute function directory_logged();
