-- The span that a delivery comes of (W3C traceparent), where it is traced.
alter table delivery add column trace text;
