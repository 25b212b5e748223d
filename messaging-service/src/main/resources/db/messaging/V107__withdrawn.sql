-- Who does not allow messaging, since longest first (Withdrawal.OVER): looked for every minute among all accounts.
create index messaging_withdrawn on consent_projection ((features #>> '{messaging,at}'))
    where not coalesce((features #>> '{messaging,granted}')::boolean, false)
      and features #>> '{messaging,at}' is not null;
