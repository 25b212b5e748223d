locals {
  zones = length(var.zones)
  # one /20 in three parts for each kind of subnet; the last two numbers are those of addresses.yaml
  subnets = {
    nodes     = 0
    databases = 64
    kafka     = 80
    endpoints = 96
    public    = 112
  }
  parts = { for pair in setproduct(keys(local.subnets), range(local.zones)) : "${pair[0]}-${pair[1]}" => {
    kind = pair[0]
    zone = var.zones[pair[1]]
    cidr = cidrsubnet("${var.network}.${local.subnets[pair[0]]}.0/20", 2, pair[1])
  } }
  # where the load balancer controller puts what it makes
  balancers = {
    public = { "kubernetes.io/role/elb" = "1" }
    nodes  = { "kubernetes.io/role/internal-elb" = "1" }
  }
  services = toset(["account", "backup", "messaging", "migration"])
}

resource "aws_vpc" "region" {
  cidr_block           = "${var.network}.0.0/16"
  enable_dns_hostnames = true
  tags                 = { Name = var.region }
}

resource "aws_subnet" "part" {
  for_each          = local.parts
  vpc_id            = aws_vpc.region.id
  availability_zone = each.value.zone
  cidr_block        = each.value.cidr
  tags              = merge({ Name = "${var.region}-${each.key}" }, try(local.balancers[each.value.kind], {}))
}

resource "aws_internet_gateway" "region" {
  vpc_id = aws_vpc.region.id
}

resource "aws_eip" "egress" {
  count  = local.zones
  domain = "vpc"
  tags   = { Name = "${var.region}-egress-${count.index}" }
}

resource "aws_nat_gateway" "egress" {
  count         = local.zones
  allocation_id = aws_eip.egress[count.index].id
  subnet_id     = aws_subnet.part["public-${count.index}"].id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.region.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.region.id
  }
}

resource "aws_route_table_association" "public" {
  count          = local.zones
  route_table_id = aws_route_table.public.id
  subnet_id      = aws_subnet.part["public-${count.index}"].id
}

# only nodes reach the outside; databases, Kafka and endpoints have no route there
resource "aws_route_table" "nodes" {
  count  = local.zones
  vpc_id = aws_vpc.region.id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.egress[count.index].id
  }
}

resource "aws_route_table_association" "nodes" {
  count          = local.zones
  route_table_id = aws_route_table.nodes[count.index].id
  subnet_id      = aws_subnet.part["nodes-${count.index}"].id
}

resource "aws_security_group" "store" {
  for_each = { databases = 5432, kafka = 9094, endpoints = 443 }
  name     = "${var.region}-${each.key}"
  vpc_id   = aws_vpc.region.id
  ingress {
    description = "the cluster's nodes"
    from_port   = each.value
    to_port     = each.value
    protocol    = "tcp"
    cidr_blocks = [for i in range(local.zones) : aws_subnet.part["nodes-${i}"].cidr_block]
  }
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id              = aws_vpc.region.id
  service_name        = "com.amazonaws.${data.aws_region.here.region}.s3"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [for i in range(local.zones) : aws_subnet.part["endpoints-${i}"].id]
  security_group_ids  = [aws_security_group.store["endpoints"].id]
  private_dns_enabled = true
  dns_options {
    private_dns_only_for_inbound_resolver_endpoint = false
  }
}

data "aws_region" "here" {}
