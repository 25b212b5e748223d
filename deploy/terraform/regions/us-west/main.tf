# us-west. State is kept where the account that runs this says: give a backend with -backend-config.
terraform {
  required_version = ">= 1.9"
  backend "s3" {}
}

provider "aws" {
  region = "us-west-1"
  default_tags {
    tags = { domicile = "us-west" }
  }
}

module "region" {
  source                = "../../modules/region"
  region                = "us-west"
  network               = "10.30"
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
