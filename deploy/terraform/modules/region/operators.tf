# Rights in AWS of what the cluster's owner installs, by service account.
locals {
  operators = {
    ebs-csi-controller-sa        = "kube-system"
    aws-load-balancer-controller = "kube-system"
    external-secrets             = "external-secrets"
  }
}

resource "aws_iam_role" "operator" {
  for_each           = local.operators
  name               = "${var.region}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.assume["pods"].json
}

# that of the driver comes with its add-on
resource "aws_eks_pod_identity_association" "operator" {
  for_each        = { for name, namespace in local.operators : name => namespace if name != "ebs-csi-controller-sa" }
  cluster_name    = aws_eks_cluster.region.name
  namespace       = each.value
  service_account = each.key
  role_arn        = aws_iam_role.operator[each.key].arn
}

resource "aws_iam_role_policy_attachment" "volumes" {
  role       = aws_iam_role.operator["ebs-csi-controller-sa"].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"
}

data "aws_caller_identity" "here" {}

# The secrets of this region that deploy/kubernetes names, and no other.
data "aws_iam_policy_document" "secrets" {
  statement {
    actions   = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    resources = ["arn:aws:secretsmanager:${data.aws_region.here.region}:${data.aws_caller_identity.here.account_id}:secret:domicile/*"]
  }
  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.region["secrets"].arn]
  }
}

resource "aws_iam_role_policy" "secrets" {
  name   = "secrets"
  role   = aws_iam_role.operator["external-secrets"].id
  policy = data.aws_iam_policy_document.secrets.json
}

# The doors for peers and the public: load balancers that carry the cluster's tag, and no other.
data "aws_iam_policy_document" "balancers" {
  statement {
    actions   = ["ec2:Describe*", "ec2:GetCoipPoolUsage", "ec2:GetSecurityGroupsForVpc", "elasticloadbalancing:Describe*"]
    resources = ["*"]
  }
  statement {
    actions   = ["iam:CreateServiceLinkedRole"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "iam:AWSServiceName"
      values   = ["elasticloadbalancing.amazonaws.com"]
    }
  }
  statement {
    actions   = ["ec2:CreateSecurityGroup"]
    resources = ["arn:aws:ec2:*:*:vpc/${aws_vpc.region.id}"]
  }
  statement {
    actions = [
      "ec2:CreateSecurityGroup",
      "ec2:CreateTags",
      "elasticloadbalancing:CreateLoadBalancer",
      "elasticloadbalancing:CreateTargetGroup",
      "elasticloadbalancing:AddTags",
    ]
    resources = ["arn:aws:ec2:*:*:security-group/*", "arn:aws:elasticloadbalancing:*:*:*"]
    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/elbv2.k8s.aws/cluster"
      values   = [var.region]
    }
  }
  statement {
    actions = [
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:RevokeSecurityGroupIngress",
      "ec2:DeleteSecurityGroup",
      "ec2:CreateTags",
      "ec2:DeleteTags",
      "elasticloadbalancing:*",
    ]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/elbv2.k8s.aws/cluster"
      values   = [var.region]
    }
  }
  # listeners and rules have no tag of their own when they are made; the load balancer that they are made for has
  statement {
    actions   = ["elasticloadbalancing:CreateListener", "elasticloadbalancing:CreateRule", "elasticloadbalancing:AddTags"]
    resources = ["arn:aws:elasticloadbalancing:*:*:loadbalancer/*", "arn:aws:elasticloadbalancing:*:*:listener/*", "arn:aws:elasticloadbalancing:*:*:listener-rule/*"]
  }
  # the nodes' own group lets the load balancers in
  statement {
    actions   = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"]
    resources = ["arn:aws:ec2:*:*:security-group/${aws_eks_cluster.region.vpc_config[0].cluster_security_group_id}"]
  }
}

resource "aws_iam_role_policy" "balancers" {
  name   = "balancers"
  role   = aws_iam_role.operator["aws-load-balancer-controller"].id
  policy = data.aws_iam_policy_document.balancers.json
}
