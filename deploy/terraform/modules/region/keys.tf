# The region's own keys: they do not leave it (multi_region = false) and are rotated every year.
resource "aws_kms_key" "region" {
  for_each                = toset(["backup", "databases", "kafka", "secrets", "cluster"])
  description             = "${var.region}: ${each.key}"
  enable_key_rotation     = true
  multi_region            = false
  deletion_window_in_days = 30
}
