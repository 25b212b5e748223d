------------------------------ MODULE Identity ------------------------------
(* Rule 12: one account and its user in the Keycloaks of regions S and T. What account-service orders there is a request of its own, and one
   that nobody waits for any more (a time-out, a crash) may be done later: all that were ever sent stay deliverable. Of the move only what
   reaches Keycloak is here, under the epochs that AccountMove gives; an owner may change the password wherever the user is enabled.
   Not modelled: a request that is done after the purge of its region, which leaves no epoch to refuse it by. Two of them, a copy and then
   an order to enable it, make a user that can sign in; account-service looks for users of accounts that are gone, and deletes it.
   Each constant is a guard; FALSE makes a mutant that TLC must catch (Identity-*.cfg). *)
EXTENDS Integers
CONSTANTS MaxEpoch,
          RefuseLate,      \* Keycloak refuses what was ordered at an epoch below that of the user's last order
          DisableFirst,    \* the source's user is disabled before it is read for the last time
          StampClosed,     \* the target's user is compared once it has the epoch of the close, under which no pass ever wrote
          ImportDisabled   \* at the target the user is disabled until the account is at home
VARIABLES home, st, epoch,  \* the directory: where the account lives, in which state, and the epoch
          user,     \* [region -> the user there: present, enabled, epoch of the last order, password]
          sealed,   \* the password that the target must have
          password, \* what the owner was told last; a ghost
          sent      \* every request to a Keycloak that may still be done
vars == <<home, st, epoch, user, sealed, password, sent>>

Reg == {"S", "T"}
Other(r) == IF r = "S" THEN "T" ELSE "S"
Absent == [there |-> FALSE, on |-> FALSE, e |-> 0, pw |-> 0]
Init == /\ home = "S" /\ st = "Idle" /\ epoch = 1
        /\ user = [r \in Reg |-> IF r = "S" THEN [there |-> TRUE, on |-> TRUE, e |-> 0, pw |-> 0] ELSE Absent]
        /\ sealed = 0 /\ password = 0 /\ sent = {}

\* A change at the home, which the fence of account-service does not see: Keycloak's own page.
Change(r) == /\ user[r].there /\ user[r].on /\ password < 2
             /\ password' = password + 1 /\ user' = [user EXCEPT ![r].pw = password + 1]
             /\ UNCHANGED <<home, st, epoch, sealed, sent>>

Req(op, r, e, pw) == [op |-> op, r |-> r, e |-> e, pw |-> pw]
Result(q, u) == CASE q.op = "put"     -> [there |-> TRUE, on |-> ~ImportDisabled, e |-> q.e, pw |-> q.pw]
                  [] q.op = "disable" -> IF u.there THEN [u EXCEPT !.on = FALSE, !.e = q.e] ELSE u
                  [] q.op = "enable"  -> IF u.there THEN [u EXCEPT !.on = TRUE, !.e = q.e] ELSE u
                  [] q.op = "delete"  -> Absent
Taken(q, u) == RefuseLate => u.e <= q.e
Done(q) == /\ Taken(q, user[q.r]) /\ user' = [user EXCEPT ![q.r] = Result(q, @)]
\* Keycloak does one that was sent, for the first time or not, whoever waits.
Deliver(q) == Done(q) /\ UNCHANGED <<home, st, epoch, sealed, password, sent>>

\* The steps that wait for the answer: sent and done. Send alone is the same with an answer that never came.
Send(qs) == sent' = sent \cup qs
Purge(r, e) == Req("delete", r, e, 0)
\* The user is deleted: what was sent before is over.
Purged(r, qs) == sent' = {q \in sent : q.r # r} \cup qs

Start == LET e == epoch + 1 q == Purge(Other(home), e) IN
         /\ st = "Idle" /\ epoch < MaxEpoch /\ st' = "Copying" /\ epoch' = e
         /\ Purged(Other(home), {q}) /\ Done(q)
         /\ UNCHANGED <<home, sealed, password>>
\* A pass of the copy: the user as it is now, disabled at the target.
Copy == LET q == Req("put", Other(home), epoch, user[home].pw) IN
        /\ st = "Copying" /\ user[home].there /\ Send({q}) /\ Done(q)
        /\ UNCHANGED <<home, st, epoch, sealed, password>>
\* The request is made before the fence row changes, as soon as the freeze is ordered, so that nobody's writes wait for it; the freeze
\* may never come.
Fence == /\ st = "Copying" /\ epoch < MaxEpoch /\ st' = "Fencing" /\ epoch' = epoch + 1
         /\ Send({Req("disable", r, epoch + 1, 0) : r \in Reg})
         /\ UNCHANGED <<home, user, sealed, password>>
Freeze == LET q == Req("disable", home, epoch, 0) IN
          /\ st = "Fencing" /\ st' = "Frozen"
          /\ Send({q, Req("put", Other(home), epoch, user[home].pw)})
          /\ IF DisableFirst THEN Done(q) ELSE UNCHANGED user
          /\ sealed' = user[home].pw
          /\ UNCHANGED <<home, epoch, password>>
\* Disables what is disabled: the user takes the epoch of the close.
Close == LET q == Req("disable", Other(home), epoch, 0) IN
         /\ st = "Frozen" /\ Send({q}) /\ Done(q)
         /\ UNCHANGED <<home, st, epoch, sealed, password>>
\* The target has what was sealed, or the move is aborted.
CutOver == LET e == epoch + 1 IN
           /\ st = "Frozen" /\ epoch < MaxEpoch
           /\ user[Other(home)].there /\ user[Other(home)].pw = sealed
           /\ (StampClosed => user[Other(home)].e = epoch)
           /\ st' = "Away" /\ home' = Other(home) /\ epoch' = e
           /\ Send({Req("enable", Other(home), e, 0)})
           /\ UNCHANGED <<user, sealed, password>>
\* The new home's account-service waits until its user is enabled, then the old home is purged.
Settle == LET e == epoch + 1 q == Purge(Other(home), e) IN
          /\ st = "Away" /\ user[home].there /\ user[home].on /\ user[home].e = epoch /\ epoch < MaxEpoch
          /\ st' = "Idle" /\ epoch' = e /\ Purged(Other(home), {q}) /\ Done(q)
          /\ UNCHANGED <<home, sealed, password>>
Abort == LET e == epoch + 1 q == Req("enable", home, e, 0) p == Purge(Other(home), e) IN
         /\ st \in {"Copying", "Fencing", "Frozen"} /\ epoch < MaxEpoch /\ st' = "Idle" /\ epoch' = e
         /\ Purged(Other(home), {q, p})
         /\ user' = [r \in Reg |-> IF r = home THEN Result(q, user[r]) ELSE Result(p, user[r])]
         /\ UNCHANGED <<home, sealed, password>>

Next == \/ \E r \in Reg : Change(r)
        \/ \E q \in sent : Deliver(q)
        \/ Start \/ Copy \/ Fence \/ Freeze \/ Close \/ CutOver \/ Settle \/ Abort
Spec == Init /\ [][Next]_vars

\* Nobody signs in where the account does not live, or while it is frozen: what is changed there would be lost.
OnlyAtHome == \A r \in Reg : user[r].there /\ user[r].on => r = home /\ st # "Frozen"
\* The owner who has an account that rests can sign in, with the password that was changed last.
OwnerSignsIn == st = "Idle" => user[home].there /\ user[home].on /\ user[home].pw = password
\* The copy that the account goes on with has it too.
PasswordKept == st = "Away" => user[home].there /\ user[home].pw = password
=============================================================================
