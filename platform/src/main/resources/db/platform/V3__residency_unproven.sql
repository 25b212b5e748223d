-- Directory rows whose signer is not known to be the home yet: the row that says so is under way on another region's topic.
create table residency_unproven (
  account_id uuid not null,
  epoch bigint not null,
  jws text not null,
  primary key (account_id, epoch)
);
