data "aws_iam_policy_document" "assume" {
  for_each = { cluster = "eks.amazonaws.com", nodes = "ec2.amazonaws.com", pods = "pods.eks.amazonaws.com" }
  statement {
    actions = each.key == "pods" ? ["sts:AssumeRole", "sts:TagSession"] : ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = [each.value]
    }
  }
}

resource "aws_iam_role" "cluster" {
  name               = "${var.region}-cluster"
  assume_role_policy = data.aws_iam_policy_document.assume["cluster"].json
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
}

resource "aws_iam_role" "nodes" {
  name               = "${var.region}-nodes"
  assume_role_policy = data.aws_iam_policy_document.assume["nodes"].json
}

resource "aws_iam_role_policy_attachment" "nodes" {
  for_each   = toset(["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryReadOnly"])
  role       = aws_iam_role.nodes.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}

resource "aws_eks_cluster" "region" {
  name     = var.region
  role_arn = aws_iam_role.cluster.arn
  vpc_config {
    subnet_ids              = [for i in range(local.zones) : aws_subnet.part["nodes-${i}"].id]
    endpoint_private_access = true
    endpoint_public_access  = false
  }
  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = aws_kms_key.region["cluster"].arn
    }
  }
  enabled_cluster_log_types = ["api", "audit", "authenticator"]
  depends_on                = [aws_iam_role_policy_attachment.cluster]
}

resource "aws_eks_node_group" "zone" {
  count           = local.zones
  cluster_name    = aws_eks_cluster.region.name
  node_group_name = "zone-${count.index}"
  node_role_arn   = aws_iam_role.nodes.arn
  subnet_ids      = [aws_subnet.part["nodes-${count.index}"].id]
  instance_types  = ["m8g.2xlarge"]
  scaling_config {
    desired_size = 2
    min_size     = 2
    max_size     = 20
  }
  depends_on = [aws_iam_role_policy_attachment.nodes]
}

resource "aws_eks_addon" "addon" {
  for_each             = toset(["vpc-cni", "eks-pod-identity-agent", "aws-ebs-csi-driver"])
  cluster_name         = aws_eks_cluster.region.name
  addon_name           = each.key
  configuration_values = each.key == "vpc-cni" ? jsonencode({ enableNetworkPolicy = "true" }) : null
  dynamic "pod_identity_association" {
    for_each = each.key == "aws-ebs-csi-driver" ? [aws_iam_role.operator["ebs-csi-controller-sa"].arn] : []
    content {
      service_account = "ebs-csi-controller-sa"
      role_arn        = pod_identity_association.value
    }
  }
}

# What cloud-backup-service may do, and nobody else.
data "aws_iam_policy_document" "backup" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
    resources = ["${aws_s3_bucket.backup.arn}/*"]
  }
  statement {
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.backup.arn]
  }
  statement {
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [aws_kms_key.region["backup"].arn]
  }
}

resource "aws_iam_role" "backup" {
  name               = "${var.region}-backup"
  assume_role_policy = data.aws_iam_policy_document.assume["pods"].json
}

resource "aws_iam_role_policy" "backup" {
  role   = aws_iam_role.backup.id
  policy = data.aws_iam_policy_document.backup.json
}

resource "aws_eks_pod_identity_association" "backup" {
  cluster_name    = aws_eks_cluster.region.name
  namespace       = "domicile"
  service_account = "backup"
  role_arn        = aws_iam_role.backup.arn
}
