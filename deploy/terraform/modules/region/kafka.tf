resource "aws_msk_configuration" "kafka" {
  name              = var.region
  server_properties = <<-EOT
    auto.create.topics.enable=false
    default.replication.factor=3
    min.insync.replicas=2
    unclean.leader.election.enable=false
    allow.everyone.if.no.acl.found=${!var.kafka_rights_written}
  EOT
}

resource "aws_msk_cluster" "kafka" {
  cluster_name           = var.region
  kafka_version          = "4.1.x.kraft"
  number_of_broker_nodes = local.zones == 3 ? 3 : 4
  broker_node_group_info {
    instance_type   = var.broker_class
    client_subnets  = [for i in range(local.zones) : aws_subnet.part["kafka-${i}"].id]
    security_groups = [aws_security_group.store["kafka"].id]
    storage_info {
      ebs_storage_info {
        volume_size = 500
      }
    }
  }
  configuration_info {
    arn      = aws_msk_configuration.kafka.arn
    revision = aws_msk_configuration.kafka.latest_revision
  }
  client_authentication {
    unauthenticated = false
    tls {
      certificate_authority_arns = [var.certificate_authority]
    }
  }
  encryption_info {
    encryption_at_rest_kms_key_arn = aws_kms_key.region["kafka"].arn
    encryption_in_transit {
      client_broker = "TLS"
      in_cluster    = true
    }
  }
}
