-- The ledger is only ever added to. Rows go when their account is purged or leaves, in a transaction that names whose ledger ends; none changes.
create function consent_is_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('domicile.ledger_ends', true) = old.account_id::text then
    return old;
  end if;
  raise exception 'the consent ledger is append-only: % refused', tg_op using errcode = 'insufficient_privilege';
end $$;
create trigger consent_rows before update or delete on consent for each row execute function consent_is_append_only();
create trigger consent_table before truncate on consent for each statement execute function consent_is_append_only();
