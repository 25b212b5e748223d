-- The span that an account's task comes of (W3C traceparent), where it is traced.
alter table transfer add column trace text;
