------------------------- MODULE RestoredDirectory -------------------------
(* Rule 14 for the residency directory itself: migration-service's database of region T is restored, at any time, to any state that it had,
   while its participants, region S and the signed directory (in Kafka) go on. What T has taken from S since, S brings again.
   A move is one step here, up to its cut-over (the steps are AccountMove's business); its baton is under way for a while; the new home
   keeps the old one's copy until it purges it. An Order is anything that raises the epoch and leads nowhere, as an aborted move.
   What it leaves out: a signed directory that T does not know to its end yet (T waits until every region has answered, and believes that), the
   participants' reports, moves that rest, erasures, a third region, and accounts opened since the backup.
   Each constant but the bounds is a guard; FALSE makes a mutant that TLC must catch (RestoredDirectory-*.cfg). *)
EXTENDS Integers
CONSTANTS MaxSteps, MaxRestores,
          Stride,            \* more epochs than are given out between two restores
          RaiseEpochs,       \* a reconciled directory gives out no epoch twice
          RaiseByTime,       \* also if the same backup was restored before: the later restore raises them more
          AskRegions,        \* the other region brings its batons again
          LiftBaton,         \* and they count above all that was ordered since
          BelieveDirectory,  \* also for an account that the backup has at home: it has left and come back
          AskKnown,          \* and whether a baton was taken is told by its move, not by its epoch
          LeavePurged        \* a home that was purged is not filled again
VARIABLES dir,      \* the signed directory
          row,      \* [region -> migration-service's row]
          part,     \* [region -> the participants' fence]
          baton,    \* [region -> the one under way to it]
          taken,    \* epochs of the batons that T knows to have taken
          backup,   \* T's row and what it had taken
          phase,    \* of T: "up"; "restored", not reconciled; "asking", S was not asked yet
          refilled, \* a purged home was filled again
          steps, restores
vars == <<dir, row, part, baton, taken, backup, phase, refilled, steps, restores>>

Other(r) == IF r = "S" THEN "T" ELSE "S"
NoBaton == [epoch |-> 0, before |-> FALSE]
None == [r \in {"S", "T"} |-> NoBaton]
Max(a, b) == IF a > b THEN a ELSE b
Init == /\ dir = [home |-> "S", epoch |-> 1]
        /\ row = [S |-> [home |-> "S", epoch |-> 1, st |-> "Idle"], T |-> [home |-> "S", epoch |-> 0, st |-> "Away"]]
        /\ part = [S |-> [mode |-> "Own", epoch |-> 1], T |-> [mode |-> "None", epoch |-> 0]]
        /\ baton = None /\ taken = {} /\ backup = [row |-> row["T"], taken |-> {}]
        /\ phase = "up" /\ refilled = FALSE /\ steps = 0 /\ restores = 0

Up(r) == r = "S" \/ phase # "restored"
Home(r) == Up(r) /\ row[r].home = r
\* A participant ignores an order that is not above its fence.
Ordered(r, mode, e) == IF e > part[r].epoch THEN [mode |-> mode, epoch |-> e] ELSE part[r]
Count == /\ steps < MaxSteps /\ steps' = steps + 1

CutOver(r) == LET o == Other(r) fence == row[r].epoch + 1 e == fence + 1 IN
        /\ Home(r) /\ row[r].st = "Idle" /\ part[r].mode = "Own"
        /\ fence > part[r].epoch /\ fence > part[o].epoch   \* else a participant would not have taken part
        /\ dir' = [home |-> o, epoch |-> e]
        /\ row' = [row EXCEPT ![r] = [home |-> o, epoch |-> e, st |-> "Away"]]
        /\ part' = [part EXCEPT ![r] = [mode |-> "Kept", epoch |-> e], ![o] = [mode |-> "Copy", epoch |-> fence]]
        /\ baton' = [baton EXCEPT ![o] = [epoch |-> e, before |-> FALSE]]
        /\ Count /\ UNCHANGED <<taken, backup, phase, refilled, restores>>
Order(r) == LET e == row[r].epoch + 1 IN
        /\ Home(r) /\ row[r].st = "Idle"
        /\ row' = [row EXCEPT ![r].epoch = e]
        /\ part' = [part EXCEPT ![r] = Ordered(r, "Own", e)]
        /\ Count /\ UNCHANGED <<dir, baton, taken, backup, phase, refilled, restores>>
\* The old home is purged, and the new one owns the account as before.
Purge(r) == LET o == Other(r) e == row[r].epoch + 1 IN
        /\ Home(r) /\ row[r].st = "Soak" /\ part[r].mode = "Own" /\ part[r].epoch <= row[r].epoch
        /\ row' = [row EXCEPT ![r].epoch = e, ![r].st = "Idle"]
        /\ part' = [part EXCEPT ![r] = Ordered(r, "Own", e), ![o] = Ordered(o, "None", e)]
        /\ Count /\ UNCHANGED <<dir, baton, taken, backup, phase, refilled, restores>>
\* The old home's copy is fed while the account soaks, so that the way back stays short.
Feed(r) == LET o == Other(r) e == row[r].epoch + 1 IN
        /\ Home(r) /\ row[r].st = "Soak" /\ part[r].mode = "Own"
        /\ ~(LeavePurged /\ part[o].mode = "None")
        /\ row' = [row EXCEPT ![r].epoch = e]
        /\ part' = [part EXCEPT ![o] = Ordered(o, "Kept", e)]
        /\ refilled' = (refilled \/ part[o].mode = "None")
        /\ Count /\ UNCHANGED <<dir, baton, taken, backup, phase, restores>>

\* A baton that T took before its restore, or may have.
Lifted(o) == o = "T" /\ baton[o].before /\ LiftBaton
Believed(o) == BelieveDirectory /\ dir = [home |-> o, epoch |-> baton[o].epoch]
Lift(e) == IF RaiseByTime THEN Max(Stride * restores, e) ELSE e + Stride
At(o) == IF ~Lifted(o) THEN baton[o].epoch
         ELSE IF AskKnown THEN Max(Lift(baton[o].epoch), row[o].epoch + 1) ELSE Lift(baton[o].epoch)
Stale(o) == \/ (AskKnown /\ o = "T" /\ baton[o].epoch \in taken)
            \/ (Lifted(o) /\ dir.epoch > baton[o].epoch)
            \/ At(o) <= row[o].epoch
Takes(o) == row[o].home = Other(o) \/ (Lifted(o) /\ Believed(o) /\ row[o].st \in {"Idle", "Away"})
Take(o) == /\ baton[o] # NoBaton /\ Up(o)
           /\ IF Stale(o) THEN UNCHANGED <<row, part, taken>>
              ELSE /\ Takes(o)   \* else it is refused, and brought again
                   /\ row' = [row EXCEPT ![o] = [home |-> o, epoch |-> At(o), st |-> "Soak"]]
                   /\ part' = [part EXCEPT ![o] = Ordered(o, "Own", At(o))]
                   /\ taken' = IF o = "T" THEN taken \union {baton[o].epoch} ELSE taken
           /\ baton' = [baton EXCEPT ![o] = NoBaton]
           /\ UNCHANGED <<dir, backup, phase, refilled, steps, restores>>

Backup == /\ phase # "restored" /\ backup' = [row |-> row["T"], taken |-> taken]
          /\ UNCHANGED <<dir, row, part, baton, taken, phase, refilled, steps, restores>>
Restore == /\ restores < MaxRestores /\ restores' = restores + 1
           /\ row' = [row EXCEPT !["T"] = backup.row] /\ taken' = backup.taken
           /\ phase' = "restored"
           /\ UNCHANGED <<dir, part, baton, backup, refilled, steps>>
Reconcile == /\ phase = "restored"
             /\ row' = [row EXCEPT !["T"] =
                    IF @.home = "T" /\ dir.home # "T" /\ dir.epoch > @.epoch THEN [home |-> dir.home, epoch |-> dir.epoch, st |-> "Away"]
                    ELSE IF @.home = "T" /\ RaiseEpochs THEN [@ EXCEPT !.epoch = Lift(@)] ELSE @]
             /\ baton' = IF baton["T"] = NoBaton THEN baton ELSE [baton EXCEPT !["T"].before = TRUE]
             /\ phase' = IF AskRegions THEN "asking" ELSE "up"
             /\ UNCHANGED <<dir, part, taken, backup, refilled, steps, restores>>
\* S brings again what it gave T last, if anything.
Ask == /\ phase = "asking" /\ baton["T"] = NoBaton
       /\ baton' = IF row["S"].home = "T" THEN [baton EXCEPT !["T"] = [epoch |-> row["S"].epoch, before |-> TRUE]] ELSE baton
       /\ phase' = "up"
       /\ UNCHANGED <<dir, row, part, taken, backup, refilled, steps, restores>>

Next == Backup \/ Restore \/ Reconcile \/ Ask \/ \E r \in {"S", "T"} : CutOver(r) \/ Order(r) \/ Purge(r) \/ Feed(r) \/ Take(r)
Spec == Init /\ [][Next]_vars

OneWriter == ~(part["S"].mode = "Own" /\ part["T"].mode = "Own")
AtRest == phase = "up" /\ baton = None
\* The home knows that it is, and its participants obey it.
Governed == AtRest => LET h == dir.home IN row[h].home = h /\ part[h].mode = "Own" /\ part[h].epoch <= row[h].epoch
\* Where no move is under way, nothing is left at the other region.
NothingLeft == AtRest /\ row[dir.home].st = "Idle" => part[Other(dir.home)].mode = "None"
NotRefilled == ~refilled
\* A baton that is not taken is brought again until it is: only a move that is under way may stand in its way.
Heard == \A o \in {"S", "T"} : Up(o) /\ baton[o] # NoBaton /\ ~Stale(o) /\ ~Takes(o) => row[o].st = "Soak"
=============================================================================
