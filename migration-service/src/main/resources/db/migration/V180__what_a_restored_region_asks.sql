-- What another region asks after a restore is answered without reading these tables whole.
create index command_epoch on command (epoch);
create index directory_epoch on directory (epoch);
create index move_route on move (source, target);
