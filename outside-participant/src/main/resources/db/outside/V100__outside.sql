-- Values are read and written as PostgreSQL's own text, which must read the same in every region.
do $$
declare
  setting text;
begin
  foreach setting in array array[
    format('search_path to %I, pg_catalog', current_schema()),
    'datestyle to ''ISO, YMD''', 'intervalstyle to ''postgres''', 'bytea_output to ''hex''', 'extra_float_digits to 1']
  loop
    execute format('alter role %I in database %I set ', current_user, current_database()) || setting;
  end loop;
end $$;

-- Which account each row of the outside system belongs to, and the account's version when it was last written.
create table row_version (
  account_id uuid not null,
  class text not null,
  key text collate "C" not null,
  version bigint not null,
  primary key (account_id, class, key)
);
create unique index row_version_key on row_version (class, key);
create index row_version_version on row_version (account_id, class, version);

-- What was done to the outside system's tables.
create table attachment (
  one boolean primary key default true check (one),
  region text not null,
  script_sha256 text
);

-- Accounts that are at home here, which the migration-service has not been told yet.
create table newcomer (
  account_id uuid primary key
);

-- The directory makes the fence row of an account that is at home here, and never revives a tombstone or an erased account. While an
-- old directory is read, an account may look at home that has left since: once its departure is read, its row, which no command
-- has changed, becomes a tombstone. A move that this participant took part in leaves no row OWN behind.
create function residency_changed() returns trigger language plpgsql set search_path from current as $$
begin
  if new.home = (select region from attachment) then
    insert into fence (account_id, mode, epoch) select new.account_id, 'OWN', new.epoch
      where not exists (select from erased e where e.account_hash = sha256(uuid_send(new.account_id)))
      on conflict (account_id) do nothing;
    if found then
      insert into newcomer (account_id) values (new.account_id) on conflict do nothing;
    end if;
  else
    update fence set mode = 'NONE', epoch = new.epoch, at = clock_timestamp()
      where account_id = new.account_id and mode = 'OWN' and epoch < new.epoch;
    delete from newcomer where account_id = new.account_id;
  end if;
  return null;
end $$;

create trigger residency_changed after insert or update on residency for each row execute function residency_changed();

-- How far the rows that were there before have been given versions.
create table backfill (
  class text primary key,
  last_key text,
  done boolean not null default false
);

-- The signed CLOSE that waits for the last records.
create table close_order (
  account_id uuid primary key,
  epoch bigint not null,
  jws text not null
);

-- Passes the fence within the writer's own transaction, as Fence.write does for services. A transaction that has passed it may go on
-- although a freeze has begun to wait for it.
create function pass_fence(account uuid) returns bigint language plpgsql set search_path from current as $$
declare
  passed bigint;
  elsewhere text;
begin
  update fence f set version = f.version + 1
    where f.account_id = account and f.mode = 'OWN'
      and (f.xmin = pg_current_xact_id()::xid
        or not exists (select from fence_intent i where i.account_id = account and i.epoch > f.epoch))
    returning f.version into passed;
  if passed is not null then
    return passed;
  end if;
  select r.home into elsewhere from residency r, attachment a where r.account_id = account and r.home <> a.region;
  if elsewhere is not null then
    raise exception using errcode = 'MV002', message = format('account %s lives in %s', account, elsewhere),
      hint = 'Send the write to that region.';
  end if;
  raise exception using errcode = 'MV001', message = format('account %s is being moved or is not known here yet', account),
    hint = 'Run the transaction again in a moment.';
end $$;

create function refuse_truncate() returns trigger language plpgsql security definer as $$
begin
  raise exception using errcode = 'MV003', message = format('%I holds accounts that move: truncate would pass the fence', tg_table_name),
    hint = 'Delete the rows.';
end $$;
