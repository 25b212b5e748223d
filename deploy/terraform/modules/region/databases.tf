resource "aws_db_subnet_group" "databases" {
  name       = var.region
  subnet_ids = [for i in range(local.zones) : aws_subnet.part["databases-${i}"].id]
}

resource "aws_db_parameter_group" "postgres" {
  name   = "${var.region}-postgres18"
  family = "postgres18"
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
  parameter {
    name  = "ssl_min_protocol_version"
    value = "TLSv1.3"
  }
  # that of the clusters in other regions: pools are made for it
  parameter {
    name         = "max_connections"
    value        = "400"
    apply_method = "pending-reboot"
  }
}

# One server a database; a commit waits for the standby in another zone. Backups of the key stores end sooner, and well before the shortest
# erasure deadline: what other backups still hold of an erased account can then be read by nobody.
resource "aws_db_instance" "database" {
  for_each                    = setunion(local.services, ["keycloak", "account-keys", "backup-keys"])
  identifier                  = "${var.region}-${each.key}"
  engine                      = "postgres"
  engine_version              = "18"
  instance_class              = var.database_class
  allocated_storage           = 200
  max_allocated_storage       = 4000
  storage_type                = "gp3"
  storage_encrypted           = true
  kms_key_id                  = aws_kms_key.region["databases"].arn
  db_name                     = replace(each.key, "-", "_")
  username                    = replace(each.key, "-", "_")
  manage_master_user_password = true
  multi_az                    = true
  publicly_accessible         = false
  db_subnet_group_name        = aws_db_subnet_group.databases.name
  vpc_security_group_ids      = [aws_security_group.store["databases"].id]
  parameter_group_name        = aws_db_parameter_group.postgres.name
  backup_retention_period     = endswith(each.key, "-keys") ? 7 : 14
  delete_automated_backups    = true
  copy_tags_to_snapshot       = true
  deletion_protection         = true
  skip_final_snapshot         = false
  final_snapshot_identifier   = "${var.region}-${each.key}-last"
}
