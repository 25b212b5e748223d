-- Moves that are not settled are counted by state again and again.
create index move_open on move (state) where not settled;
