------------------------------ MODULE Restore ------------------------------
(* Rule 14: one service's databases in regions S and T, and a backup of S's that is restored at any time: after the account has moved
   away, come back, or been erased. The directory is replicated and the erasure list is kept outside the backup, so both survive.
   Each constant is a guard; FALSE makes a mutant that TLC must catch (Restore-*.cfg). *)
EXTENDS Integers
CONSTANTS MaxEpoch,
          FreezeRestored,   \* a restored database starts with every row frozen
          AskDirectory,     \* and is thawed only for accounts that live here by the directory
          ReplayErasures    \* and only once the erasure list was taken again
VARIABLES home,     \* what the replicated directory says: [r, epoch]
          erased,   \* what the erasure list says
          db,       \* [region -> fence row and whether data lies there]
          backup,   \* of S's
          restored  \* S's was restored and is not reconciled
vars == <<home, erased, db, backup, restored>>

Reg == {"S", "T"}
Other(r) == IF r = "S" THEN "T" ELSE "S"
Owner(e) == [mode |-> "Own", epoch |-> e, data |-> TRUE]
None(e)  == [mode |-> "None", epoch |-> e, data |-> FALSE]
Init == /\ home = [r |-> "S", epoch |-> 1] /\ erased = FALSE
        /\ db = [r \in Reg |-> IF r = "S" THEN Owner(1) ELSE None(0)]
        /\ backup = Owner(1) /\ restored = FALSE

Backup == /\ ~restored /\ backup' = db["S"] /\ UNCHANGED <<home, erased, db, restored>>
\* A whole move, the purge of the old home included: the steps between are AccountMove's business.
Move == LET from == home.r to == Other(home.r) e == home.epoch + 1 IN
        /\ ~erased /\ ~restored /\ home.epoch < MaxEpoch /\ db[from].mode = "Own"
        /\ home' = [r |-> to, epoch |-> e]
        /\ db' = [db EXCEPT ![from] = None(e), ![to] = Owner(e)]
        /\ UNCHANGED <<erased, backup, restored>>
Erase == /\ ~erased
         /\ erased' = TRUE
         /\ db' = [r \in Reg |-> IF r = "S" /\ restored THEN db[r] ELSE None(home.epoch)]
         /\ UNCHANGED <<home, backup, restored>>
Restore == /\ ~restored
           /\ db' = [db EXCEPT !["S"] = IF FreezeRestored /\ backup.mode = "Own" THEN [backup EXCEPT !.mode = "Frozen"] ELSE backup]
           /\ restored' = TRUE
           /\ UNCHANGED <<home, erased, backup>>
Reconcile == /\ restored
             /\ db' = [db EXCEPT !["S"] = IF (ReplayErasures /\ erased) \/ (AskDirectory /\ home.r # "S") THEN None(home.epoch)
                                          ELSE IF @.mode = "Frozen" THEN [@ EXCEPT !.mode = "Own"] ELSE @]
             /\ restored' = FALSE
             /\ UNCHANGED <<home, erased, backup>>
Next == Backup \/ Move \/ Erase \/ Restore \/ Reconcile
Spec == Init /\ [][Next]_vars

OneWriter == ~(db["S"].mode = "Own" /\ db["T"].mode = "Own")
\* Who owns what was erased, or what lives elsewhere, would read and write it.
NotRevived == \A r \in Reg : db[r].mode = "Own" => ~erased /\ home.r = r
=============================================================================
