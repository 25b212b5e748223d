---------------------------- MODULE Projections ----------------------------
(* Rule 11: what account-service's ledger says (consents, devices) reaches the other services of both regions by events, outside the
   fence and the digest, while an account moves from S to T. Versions only. An event may come late, twice and in any order; lost = not yet
   delivered. What must hold: a service of the new home never decides by less than the ledger said when it was sealed, a projection never
   goes back, and nothing that comes late revives one that was purged.
   Each constant of the second line is a guard; FALSE makes a mutant that TLC must catch (Projections-*.cfg). *)
EXTENDS Integers
CONSTANTS Max,
          Wait,         \* cut-over waits until the target's projections have reached the sealed ledger
          OnlyForward,  \* a projection takes only what is above its version
          CheckNone     \* a missing fence row, or a tombstone, takes nothing
VARIABLES mode,    \* [region -> fence of account-service and of the projecting service, which change together here]
          ledger,  \* [region -> version of the ledger that lies there]
          proj,    \* [region -> version that the other service has applied]
          sealed,  \* version of the ledger at the freeze
          events   \* everything ever published: <<region, version>>
vars == <<mode, ledger, proj, sealed, events>>

Reg == {"S", "T"}
Init == /\ mode = [r \in Reg |-> IF r = "S" THEN "Own" ELSE "None"]
        /\ ledger = [r \in Reg |-> 0] /\ proj = [r \in Reg |-> 0]
        /\ sealed = 0 /\ events = {}

\* The owner switches something on or off at home; account-service publishes it with the write.
Change(r) == /\ mode[r] = "Own" /\ ledger[r] < Max
             /\ ledger' = [ledger EXCEPT ![r] = @ + 1]
             /\ events' = events \cup {<<r, ledger[r] + 1>>}
             /\ UNCHANGED <<mode, proj, sealed>>
Deliver(e) == LET r == e[1] v == e[2] IN
              /\ CheckNone => mode[r] # "None"
              /\ OnlyForward => v > proj[r]
              /\ proj' = [proj EXCEPT ![r] = v]
              /\ UNCHANGED <<mode, ledger, sealed, events>>
Shadow == /\ mode["T"] = "None" /\ mode["S"] = "Own"
          /\ mode' = [mode EXCEPT !["T"] = "Shadow"]
          /\ UNCHANGED <<ledger, proj, sealed, events>>
\* The target's account-service publishes what it has applied while it is a shadow.
Copy == /\ mode["T"] = "Shadow" /\ mode["S"] \in {"Own", "Frozen"} /\ ledger["S"] > ledger["T"]
        /\ ledger' = [ledger EXCEPT !["T"] = ledger["S"]]
        /\ events' = events \cup {<<"T", ledger["S"]>>}
        /\ UNCHANGED <<mode, proj, sealed>>
Freeze == /\ mode["S"] = "Own" /\ mode["T"] = "Shadow"
          /\ mode' = [mode EXCEPT !["S"] = "Frozen"] /\ sealed' = ledger["S"]
          /\ UNCHANGED <<ledger, proj, events>>
Close == /\ mode["S"] = "Frozen" /\ mode["T"] = "Shadow" /\ ledger["T"] = sealed
         /\ mode' = [mode EXCEPT !["T"] = "Closed"]
         /\ UNCHANGED <<ledger, proj, sealed, events>>
CutOver == /\ mode["S"] = "Frozen" /\ mode["T"] = "Closed"
           /\ Wait => proj["T"] >= sealed
           /\ mode' = [S |-> "Shadow", T |-> "Own"]
           /\ UNCHANGED <<ledger, proj, sealed, events>>
Purge == /\ mode = [S |-> "Shadow", T |-> "Own"]
         /\ mode' = [mode EXCEPT !["S"] = "None"]
         /\ ledger' = [ledger EXCEPT !["S"] = 0] /\ proj' = [proj EXCEPT !["S"] = 0]
         /\ UNCHANGED <<sealed, events>>

Next == Shadow \/ Copy \/ Freeze \/ Close \/ CutOver \/ Purge
        \/ (\E r \in Reg : Change(r)) \/ (\E e \in events : Deliver(e))
Spec == Init /\ [][Next]_vars

NeverWeaker  == mode["T"] = "Own" => proj["T"] >= sealed
StaysPurged  == mode["S"] = "None" => proj["S"] = 0
NeverBack    == [][\A r \in Reg : proj'[r] >= proj[r] \/ mode'[r] = "None"]_vars
=============================================================================
