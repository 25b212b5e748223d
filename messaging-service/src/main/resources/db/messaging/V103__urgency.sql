-- How much a message matters (RFC 8030 section 5.3): 0 very-low, 1 low, 2 normal, 3 high.
alter table message add column urgency smallint not null default 2 check (urgency between 0 and 3);
