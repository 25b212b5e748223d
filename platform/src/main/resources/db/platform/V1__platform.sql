-- Every service's database: the outbox and the residency directory's projection.

create table outbox (
  id bigint generated always as identity primary key,
  topic text not null,
  key text not null,
  value text not null
);

create function outbox_added() returns trigger language plpgsql as $$
begin
  perform pg_notify('outbox', '');
  return null;
end $$;

create trigger outbox_added after insert on outbox for each statement execute function outbox_added();

create table residency (
  account_id uuid primary key,
  home text not null,
  epoch bigint not null,
  previous text not null,
  since timestamptz not null
);
