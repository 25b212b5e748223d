-- The span that an event comes of (W3C traceparent), where it is traced.
alter table outbox add column trace text;
