-- Wrapped data keys are in the service's key store, a database of its own (docs/keys.md). The schema before was never released: a database
-- that holds WebDAV files under it is not converted, so that no key is lost by an upgrade.
do $$ begin
  if exists (select from data_key) then
    raise exception 'this database was made before version 0.1.0: begin with an empty one (locally: ./domicile clean)';
  end if;
end $$;
drop table data_key;
