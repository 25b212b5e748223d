-- Wrapped data keys are in the service's key store, a database of its own (docs/keys.md). The schema before was never released: a database
-- that holds accounts under it is not converted, so that no key is lost by an upgrade.
do $$ begin
  if exists (select from account_key) or exists (select from registration) then
    raise exception 'this database was made before version 0.1.0: begin with an empty one (locally: ./domicile clean)';
  end if;
end $$;
drop table account_key;

-- What a sign-up waits with is sealed under the key that its account will have.
alter table registration drop column edek;

-- Under which index key an entry was made; while two are in use, the older one's entries are made again.
alter table identifier add column index_key text not null;
