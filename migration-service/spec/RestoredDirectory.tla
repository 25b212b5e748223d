------------------------- MODULE RestoredDirectory -------------------------
(* Rule 14 for the residency directory itself: migration-service's database of region T is restored, at any time, to any state that it had,
   while its participants, the other regions and the signed directory (in Kafka) go on. What the others have taken from T since, they tell; what
   T has taken from them since, they bring again. The signed directory as T knows it may be behind.
   A move is one step here, up to its cut-over (the steps are AccountMove's business); its baton is under way for a while; the new home
   keeps the old one's copy until it purges it. An Order is anything that raises the epoch and leads nowhere, as an aborted move.
   What it leaves out: the participants' reports but that they are fenced, moves that rest (they are given up where forgotten ones are
   cleaned up after), erasures, and accounts opened since the backup.
   Each constant but the bounds is a guard; FALSE makes a mutant that TLC must catch (RestoredDirectory-*.cfg). *)
EXTENDS Integers
CONSTANTS Regions, MaxSteps, MaxRestores,
          Stride,            \* more epochs than are given out between two restores
          RaiseEpochs,       \* a reconciled directory gives out no epoch twice
          RaiseByTime,       \* also if the same backup was restored before: the later restore raises them more
          AskRegions,        \* other regions bring their batons again, and tell what they took, before anything is done
          LiftBaton,         \* and they count above all that was ordered since
          BelieveDirectory,  \* also for an account that the backup has at home: it has left and come back
          TellGone,          \* a region tells what it took also of an account that has gone on or back
          HearOfOthers,      \* and is believed also of an account that the backup has elsewhere
          KnowReturn,        \* unless the account has come back by a move that the backup knows
          AwaitAll,          \* nothing that a forgotten move has left is settled before every region has answered
          LeavePurged        \* a home that was purged is not filled again: its participants refuse
VARIABLES dir,      \* the signed directory
          seen,     \* the same as T knows it
          row,      \* [region -> migration-service's row]; old: whose copy is kept while it soaks
          part,     \* [region -> the participants' fence]
          batons,   \* those under way
          taken,    \* [region -> who gave it which baton, as it knows]
          backup,   \* T's row and what it had taken
          phase,    \* of T: "up"; "restored", not reconciled; "asking", somebody has not answered yet
          unasked,  \* regions that T has yet to ask
          copies,   \* regions that told of a copy for a move of T that has not cut over
          refilled, \* a purged home was filled again
          steps, restores
vars == <<dir, seen, row, part, batons, taken, backup, phase, unasked, copies, refilled, steps, restores>>

Max(a, b) == IF a > b THEN a ELSE b
Others(r) == Regions \ {r}
Init == /\ dir = [home |-> "S", epoch |-> 1] /\ seen = dir
        /\ row = [r \in Regions |-> [home |-> "S", epoch |-> IF r = "S" THEN 1 ELSE 0, st |-> IF r = "S" THEN "Idle" ELSE "Away", old |-> r]]
        /\ part = [r \in Regions |-> IF r = "S" THEN [mode |-> "Own", epoch |-> 1] ELSE [mode |-> "None", epoch |-> 0]]
        /\ batons = {} /\ taken = [r \in Regions |-> {}] /\ backup = [row |-> row["T"], taken |-> {}, given |-> {}]
        /\ phase = "up" /\ unasked = {} /\ copies = {} /\ refilled = FALSE /\ steps = 0 /\ restores = 0

Up(r) == r # "T" \/ phase = "up"
Home(r) == Up(r) /\ row[r].home = r
\* A participant ignores an order that is not above its fence.
Ordered(r, mode, e) == IF e > part[r].epoch THEN [mode |-> mode, epoch |-> e] ELSE part[r]
Fed(r, e) == Ordered(r, IF LeavePurged /\ part[r].mode = "None" THEN "None" ELSE "Kept", e)
Count == /\ steps < MaxSteps /\ steps' = steps + 1

Known(r) == IF r = "T" THEN seen ELSE dir
\* A region obeys the home that it knows; if it is none itself, it believes the signed directory.
Obeys(o, r) == row[o].home = r \/ (row[o].home # o /\ Known(o).home = r /\ Known(o).epoch > row[o].epoch)
CutOver(r, o) == LET fence == row[r].epoch + 1 e == fence + 1 IN
        /\ Home(r) /\ row[r].st = "Idle" /\ part[r].mode = "Own"
        /\ fence > part[r].epoch /\ fence > part[o].epoch   \* else a participant would not have taken part
        /\ Up(o) /\ Obeys(o, r) /\ (r = "T" => copies = {})
        /\ row' = [row EXCEPT ![r] = [home |-> o, epoch |-> e, st |-> "Gave", old |-> r],
                              ![o] = IF @.home = r THEN @ ELSE [home |-> r, epoch |-> Known(o).epoch, st |-> "Away", old |-> o]]
        /\ part' = [part EXCEPT ![r] = [mode |-> "Kept", epoch |-> e], ![o] = [mode |-> "Copy", epoch |-> fence]]
        /\ batons' = batons \union {[to |-> o, from |-> r, epoch |-> e, before |-> FALSE]}
        /\ Count /\ UNCHANGED <<dir, seen, taken, backup, phase, unasked, copies, refilled, restores>>
Order(r) == LET e == row[r].epoch + 1 IN
        /\ Home(r) /\ row[r].st = "Idle"
        /\ row' = [row EXCEPT ![r].epoch = e]
        /\ part' = [part EXCEPT ![r] = Ordered(r, "Own", e)]
        /\ Count /\ UNCHANGED <<dir, seen, batons, taken, backup, phase, unasked, copies, refilled, restores>>
\* The old home is purged, and the new one owns the account as before.
Purge(r) == LET o == row[r].old e == row[r].epoch + 1 IN
        /\ Home(r) /\ row[r].st = "Soak" /\ part[r].mode = "Own" /\ part[r].epoch <= row[r].epoch
        /\ row' = [row EXCEPT ![r].epoch = e, ![r].st = "Idle", ![r].old = r]
        /\ part' = [part EXCEPT ![r] = Ordered(r, "Own", e), ![o] = Ordered(o, "None", e)]
        /\ Count /\ UNCHANGED <<dir, seen, batons, taken, backup, phase, unasked, copies, refilled, restores>>
\* The old home's copy is fed while the account soaks, so that the way back stays short.
Feed(r) == LET o == row[r].old e == row[r].epoch + 1 IN
        /\ Home(r) /\ row[r].st = "Soak" /\ part[r].mode = "Own"
        /\ row' = [row EXCEPT ![r].epoch = e]
        /\ part' = [part EXCEPT ![o] = Fed(o, e)]
        /\ refilled' = (refilled \/ (part[o].mode = "None" /\ part'[o].mode = "Kept"))
        /\ Count /\ UNCHANGED <<dir, seen, batons, taken, backup, phase, unasked, copies, restores>>
Learn == /\ seen # dir /\ seen' = dir
         /\ UNCHANGED <<dir, row, part, batons, taken, backup, phase, unasked, copies, refilled, steps, restores>>

\* A baton that T took before its restore, or may have.
Lifted(b) == b.to = "T" /\ b.before /\ LiftBaton
Believed(b) == BelieveDirectory /\ Known(b.to) = [home |-> b.to, epoch |-> b.epoch]
Lift(e) == IF RaiseByTime THEN Max(Stride * restores, e) ELSE e + Stride
At(b) == IF Lifted(b) THEN Max(Lift(b.epoch), row[b.to].epoch + 1) ELSE b.epoch
Stale(b) == LET here == row[b.to] IN
            \/ (b.to = "T" /\ [from |-> b.from, epoch |-> b.epoch] \in taken["T"])
            \/ (Lifted(b) /\ Known(b.to).epoch > b.epoch)
            \/ (Lifted(b) /\ here.home # "T" /\ here.epoch >= b.epoch)
            \/ At(b) <= here.epoch
Takes(b) == LET here == row[b.to] IN
            /\ Obeys(b.to, b.from) \/ (Lifted(b) /\ Believed(b))
            /\ Lifted(b) => here.st # "Soak"
Take(b) == LET o == b.to IN
           /\ Up(o)
           /\ IF Stale(b) THEN UNCHANGED <<dir, row, part, taken>>
              ELSE /\ Takes(b)   \* else it is refused, and brought again
                   /\ row' = [row EXCEPT ![o] = [home |-> o, epoch |-> At(b), st |-> "Soak", old |-> b.from]]
                   /\ part' = [part EXCEPT ![o] = Ordered(o, "Own", At(b))]
                   /\ taken' = [taken EXCEPT ![o] = @ \union {[from |-> b.from, epoch |-> b.epoch]}]
                   /\ dir' = IF b.epoch > dir.epoch THEN [home |-> o, epoch |-> b.epoch] ELSE dir
           /\ batons' = batons \ {b}
           /\ UNCHANGED <<seen, backup, phase, unasked, copies, refilled, steps, restores>>

From(r) == {b \in batons : b.from = r}
Backup == /\ phase # "restored" /\ backup' = [row |-> row["T"], taken |-> taken["T"], given |-> From("T")]
          /\ UNCHANGED <<dir, seen, row, part, batons, taken, phase, unasked, copies, refilled, steps, restores>>
Restore == /\ restores < MaxRestores /\ restores' = restores + 1
           /\ row' = [row EXCEPT !["T"] = backup.row] /\ taken' = [taken EXCEPT !["T"] = backup.taken]
           /\ batons' = (batons \ From("T")) \union backup.given
           /\ phase' = "restored" /\ unasked' = {} /\ copies' = {}
           /\ UNCHANGED <<dir, seen, part, backup, refilled, steps>>
Away(home, e) == [home |-> home, epoch |-> e, st |-> "Away", old |-> "T"]
Reconcile == /\ phase = "restored"
             /\ row' = [row EXCEPT !["T"] =
                    IF @.home = "T" /\ seen.home # "T" /\ seen.epoch > @.epoch THEN Away(seen.home, seen.epoch)
                    ELSE IF @.home = "T" /\ RaiseEpochs THEN [@ EXCEPT !.epoch = Lift(@)] ELSE @]
             /\ batons' = {[b EXCEPT !.before = @ \/ b.to = "T"] : b \in batons}
             /\ unasked' = IF AskRegions THEN Others("T") ELSE {}
             /\ phase' = IF AskRegions THEN "asking" ELSE "up"
             /\ UNCHANGED <<dir, seen, part, taken, backup, copies, refilled, steps, restores>>
\* What a region took of T, the last time.
Took(s) == {k \in taken[s] : /\ k.from = "T" /\ \A j \in taken[s] : j.from = "T" => j.epoch <= k.epoch
                             /\ TellGone \/ row[s].home = s}
Left(k) == LET here == row["T"] IN
           IF here.home = "T" THEN KnowReturn => \A j \in taken["T"] : j.epoch < k.epoch
           ELSE HearOfOthers /\ here.epoch < k.epoch
Ask(s) == /\ phase = "asking" /\ s \in unasked
          /\ row' = [row EXCEPT !["T"] = IF \E k \in Took(s) : Left(k) THEN Away(s, (CHOOSE k \in Took(s) : Left(k)).epoch) ELSE @]
          /\ batons' = IF row[s].home = "T" /\ row[s].st = "Gave" THEN batons \union {[to |-> "T", from |-> s, epoch |-> row[s].epoch, before |-> TRUE]} ELSE batons
          /\ copies' = IF row[s].home = "T" /\ part[s].mode = "Copy" THEN copies \union {s} ELSE copies
          /\ unasked' = unasked \ {s}
          /\ phase' = IF unasked' = {} THEN "up" ELSE "asking"
          /\ UNCHANGED <<dir, seen, part, taken, backup, refilled, steps, restores>>
\* Forgotten moves: their copies are purged, unless a move with that region is under way, which ends so; and the home, which they fenced, goes on.
Settles == phase = "up" \/ (phase = "asking" /\ ~AwaitAll)
Fenced == restores > 0 /\ part["T"].mode = "Kept" /\ part["T"].epoch < row["T"].epoch
Clean == LET here == row["T"] IN
         /\ Settles /\ here.home = "T" /\ here.st \in {"Idle", "Soak"} /\ (copies # {} \/ Fenced)
         /\ part' = [r \in Regions |-> IF r = "T" THEN Ordered("T", "Own", here.epoch)
                                       ELSE IF r \in copies /\ (here.st = "Idle" \/ r # here.old) THEN Ordered(r, "None", here.epoch)
                                       ELSE part[r]]
         /\ copies' = {}
         /\ UNCHANGED <<dir, seen, row, batons, taken, backup, phase, unasked, refilled, steps, restores>>

Next == \/ Backup \/ Restore \/ Reconcile \/ Learn \/ Clean
        \/ \E s \in unasked : Ask(s)
        \/ \E b \in batons : Take(b)
        \/ \E r \in Regions : Order(r) \/ Purge(r) \/ Feed(r) \/ \E o \in Others(r) : CutOver(r, o)
Spec == Init /\ [][Next]_vars

OneWriter == \A r, o \in Regions : r # o => ~(part[r].mode = "Own" /\ part[o].mode = "Own")
AtRest == phase = "up" /\ batons = {} /\ ~ENABLED Clean
\* The home knows that it is, and its participants obey it.
Governed == AtRest => LET h == dir.home IN row[h].home = h /\ part[h].mode = "Own" /\ part[h].epoch <= row[h].epoch
\* Where no move is under way, nothing is left at another region.
NothingLeft == AtRest /\ row[dir.home].st = "Idle" => \A r \in Others(dir.home) : part[r].mode = "None"
NotRefilled == ~refilled
\* A baton that is not taken is brought again until it is: only a move that is under way may stand in its way, or a directory that is behind.
Heard == seen = dir => \A b \in batons : Up(b.to) /\ ~Stale(b) /\ ~Takes(b) => row[b.to].st = "Soak"
=============================================================================
