-- A region has said all that it was asked; what follows from it waits for the others.
alter table restored_unasked add column heard boolean not null default false;

-- Where moves that a restored database forgot have left something, until that is dealt with: a copy in another region, a fence in this one.
create table forgotten_move (
  account_id uuid not null,
  region text not null,
  primary key (account_id, region)
);
