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

output "key_accounts" {
  description = "For the overlay: domicile.kms.wrapping-key."
  value       = aws_kms_key.region["accounts"].arn
}

output "keys_index" {
  description = "For the overlay: domicile.kms.index-keys, the current one first."
  value       = [for key in aws_kms_key.index : key.arn]
}
