variable "region" {
  description = "The region's id, as in the signed region list."
  type        = string
}

variable "network" {
  description = "The first two numbers of the VPC's addresses; deploy/kubernetes/overlays/<region>/addresses.yaml says the same."
  type        = string
}

variable "domain" {
  description = "The domain of all regions."
  type        = string
}

variable "zones" {
  description = "Three availability zones, or two where the region has no third: README.md says what that costs."
  type        = list(string)
  validation {
    condition     = contains([2, 3], length(var.zones))
    error_message = "Two or three zones are needed: a commit must survive the loss of one."
  }
}

variable "kafka_rights_written" {
  description = "Whether the first rights of Kafka were written. While not, every client with a certificate of the authority may write them."
  type        = bool
  default     = true
}

variable "certificate_authority" {
  description = "ARN of the private authority (ACM PCA, below the offline root) that signs clients of Kafka."
  type        = string
}

variable "edge_certificate" {
  description = "ARN of the certificate of static.<region>.<domain>, in us-east-1."
  type        = string
}

variable "database_class" {
  type    = string
  default = "db.r8g.2xlarge"
}

variable "broker_class" {
  type    = string
  default = "kafka.m7g.xlarge"
}
