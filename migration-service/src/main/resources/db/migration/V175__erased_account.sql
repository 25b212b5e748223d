create or replace view erased_account as select account_hash from erasure where state = 'ERASED';
