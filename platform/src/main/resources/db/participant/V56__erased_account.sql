create or replace view erased_account as select account_hash from erased where state = 'ERASED';
