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
  description = "Three availability zones."
  type        = list(string)
  validation {
    condition     = length(var.zones) == 3
    error_message = "Three zones are needed: a commit must survive the loss of one."
  }
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
