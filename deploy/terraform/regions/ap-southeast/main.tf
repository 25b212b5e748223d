# ap-southeast. State is kept where the account that runs this says: give a backend with -backend-config.
terraform {
  required_version = ">= 1.9"
  backend "s3" {}
}

provider "aws" {
  region = "ap-southeast-1"
  default_tags {
    tags = { domicile = "ap-southeast" }
  }
}

module "region" {
  source                = "../../modules/region"
  region                = "ap-southeast"
  network               = "10.20"
  domain                = "domicile.example"
  zones                 = var.zones
  kafka_rights_written  = var.kafka_rights_written
  certificate_authority = var.certificate_authority
  edge_certificate      = var.edge_certificate
}

variable "zones" {
  type = list(string)
}

variable "kafka_rights_written" {
  type    = bool
  default = true
}

variable "certificate_authority" {
  type = string
}

variable "edge_certificate" {
  type = string
}

output "region" {
  value = module.region
}
