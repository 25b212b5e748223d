-- When a later word of the same participant came: until then it is what the participant said last. What was replaced is forgotten after a while.
alter table ack add column replaced_at timestamptz;

update ack set replaced_at = now() where exists (
  select from ack later where later.account_id = ack.account_id and later.region = ack.region
    and later.service = ack.service and later.epoch > ack.epoch
);

create index ack_replaced on ack (replaced_at) where replaced_at is not null;
