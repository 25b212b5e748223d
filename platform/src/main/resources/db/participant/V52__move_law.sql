-- Markets whose law holds for an account beside its own market's while it is at two places.
create table move_law (
  account_id uuid primary key,
  markets text[] not null
);
