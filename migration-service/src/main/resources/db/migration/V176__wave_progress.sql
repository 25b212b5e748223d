-- What the moves of a wave that are over have copied, so that a look at a wave costs the same whatever its size.
create table wave_progress (
  wave_id uuid not null,
  service text not null,
  records bigint not null,
  bytes bigint not null,
  primary key (wave_id, service)
);
insert into wave_progress (wave_id, service, records, bytes)
  select a.wave_id, k.service,
    coalesce(sum((k.body->'progress'->>'records')::bigint), 0), coalesce(sum((k.body->'progress'->>'bytes')::bigint), 0)
  from wave_account a join move m on m.id = a.move_id
    join ack k on k.account_id = a.account_id and k.region = m.target and k.epoch = m.shadow_epoch
  where a.state not in ('WAITING', 'MOVING') and m.settled
  group by a.wave_id, k.service;
