# What a user of the default VPC writes: look-ups, groups with rules in all three
# forms, tags.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" {}

variable "port" {
  default = 22
}

provider "aws" {
  endpoints {
    ec2 = var.endpoint
    sts = var.endpoint
  }
  default_tags {
    tags = { made-by = "terraform" }
  }
}

data "aws_caller_identity" "me" {}

data "aws_availability_zones" "all" {
  state = "available"
}

data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
  filter {
    name   = "default-for-az"
    values = ["true"]
  }
}

data "aws_subnet" "each" {
  for_each = toset(data.aws_subnets.default.ids)
  id       = each.value
}

data "aws_security_group" "default" {
  name   = "default"
  vpc_id = data.aws_vpc.default.id
}

data "aws_route_table" "main" {
  vpc_id = data.aws_vpc.default.id
  filter {
    name   = "association.main"
    values = ["true"]
  }
}

data "aws_internet_gateway" "default" {
  filter {
    name   = "attachment.vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

data "aws_network_acls" "default" {
  vpc_id = data.aws_vpc.default.id
}

data "aws_vpc_dhcp_options" "default" {
  dhcp_options_id = data.aws_vpc.default.dhcp_options_id
}

resource "aws_security_group" "web" {
  name        = "web"
  description = "Web servers"

  ingress {
    description = "SSH"
    from_port   = var.port
    to_port     = var.port
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8", "192.168.0.0/16"]
  }
  ingress {
    from_port = -1
    to_port   = -1
    protocol  = "icmp"
    self      = true
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
  tags = { Name = "web", port = var.port }
}

resource "aws_security_group" "app" {
  name_prefix = "app-"
  vpc_id      = data.aws_vpc.default.id
}

resource "aws_vpc_security_group_ingress_rule" "app" {
  security_group_id            = aws_security_group.app.id
  referenced_security_group_id = aws_security_group.web.id
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = 8080
  description                  = "from ${var.port}"
}

resource "aws_vpc_security_group_egress_rule" "app" {
  security_group_id = aws_security_group.app.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_security_group_rule" "app" {
  security_group_id = aws_security_group.app.id
  type              = "ingress"
  protocol          = "udp"
  from_port         = 53
  to_port           = 53
  cidr_blocks       = [data.aws_vpc.default.cidr_block]
}

resource "aws_ec2_tag" "vpc" {
  resource_id = data.aws_vpc.default.id
  key         = "port"
  value       = var.port
}

output "seen" {
  value = join(" ", [
    data.aws_caller_identity.me.account_id,
    join(",", data.aws_availability_zones.all.names),
    join(",", sort([for s in data.aws_subnet.each : s.cidr_block])),
    data.aws_vpc.default.enable_dns_hostnames,
    data.aws_security_group.default.description,
    data.aws_route_table.main.routes[0].gateway_id == data.aws_internet_gateway.default.id,
    length(data.aws_network_acls.default.ids),
    data.aws_vpc_dhcp_options.default.domain_name,
  ])
}
