output "kafka" {
  description = "For the overlay's ConfigMap kafka."
  value       = aws_msk_cluster.kafka.bootstrap_brokers_tls
}

output "databases" {
  description = "For DNS: <service>.database.<region>.<domain>."
  value       = { for name, database in aws_db_instance.database : name => database.address }
}

output "egress" {
  description = "For the other regions: deploy/kubernetes/components/peers/<region>."
  value       = aws_eip.egress[*].public_ip
}
