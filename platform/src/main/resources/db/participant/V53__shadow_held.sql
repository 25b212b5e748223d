-- What the shadow had of each class when both ends were braced for a freeze (class -> version, count, digest): what came after goes with the
-- manifest.
alter table transfer add column shadow jsonb not null default '{}';
