# The region's own keys: they do not leave it (multi_region = false) and are rotated every year.
resource "aws_kms_key" "region" {
  for_each                = toset(["accounts", "backup", "databases", "kafka", "secrets", "cluster"])
  description             = "${var.region}: ${each.key}"
  enable_key_rotation     = true
  multi_region            = false
  deletion_window_in_days = 30
}

# The keys of the blind index. To rotate: add one, and take the old one out when nothing is under it any more (docs/keys.md).
resource "aws_kms_key" "index" {
  for_each                 = toset(["1"])
  description              = "${var.region}: index ${each.key}"
  key_usage                = "GENERATE_VERIFY_MAC"
  customer_master_key_spec = "HMAC_256"
  multi_region             = false
  deletion_window_in_days  = 30
}

# Who wraps data keys, and who only looks people up.
data "aws_iam_policy_document" "keys" {
  for_each = { account = true, backup = true, messaging = false }
  statement {
    actions   = ["kms:GenerateMac"]
    resources = [for key in aws_kms_key.index : key.arn]
  }
  dynamic "statement" {
    for_each = each.value ? [aws_kms_key.region["accounts"].arn] : []
    content {
      actions   = ["kms:GenerateDataKey", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role" "keys" {
  for_each           = toset(["account", "messaging"])
  name               = "${var.region}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.assume["pods"].json
}

resource "aws_iam_role_policy" "keys" {
  for_each = data.aws_iam_policy_document.keys
  name     = "keys"
  role     = each.key == "backup" ? aws_iam_role.backup.id : aws_iam_role.keys[each.key].id
  policy   = each.value.json
}

resource "aws_eks_pod_identity_association" "keys" {
  for_each        = aws_iam_role.keys
  cluster_name    = aws_eks_cluster.region.name
  namespace       = "domicile"
  service_account = each.key
  role_arn        = each.value.arn
}

resource "aws_vpc_endpoint" "kms" {
  vpc_id              = aws_vpc.region.id
  service_name        = "com.amazonaws.${data.aws_region.here.region}.kms"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [for i in range(local.zones) : aws_subnet.part["endpoints-${i}"].id]
  security_group_ids  = [aws_security_group.store["endpoints"].id]
  private_dns_enabled = true
}
