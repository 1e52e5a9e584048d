# What a user writes about interfaces, ACLs, DHCP options, prefix lists and flow logs.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" {}

variable "port" {
  default = 443
}

provider "aws" {
  endpoints {
    ec2 = var.endpoint
    sts = var.endpoint
  }
}

resource "aws_vpc" "main" {
  cidr_block = "10.7.0.0/16"
}

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.7.1.0/24"
}

resource "aws_subnet" "b" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.7.2.0/24"
}

resource "aws_ec2_managed_prefix_list" "offices" {
  name           = "port ${var.port}"
  address_family = "IPv4"
  max_entries    = 5

  entry {
    cidr        = "192.0.2.0/24"
    description = "office"
  }
  tags = { Name = "offices" }
}

resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.main.id

  ingress {
    from_port       = var.port
    to_port         = var.port
    protocol        = "tcp"
    prefix_list_ids = [aws_ec2_managed_prefix_list.offices.id]
  }
}

resource "aws_network_interface" "one" {
  subnet_id         = aws_subnet.a.id
  private_ips       = ["10.7.1.10", "10.7.1.11"]
  security_groups   = [aws_security_group.web.id]
  description       = "port ${var.port}"
  source_dest_check = false
}

resource "aws_network_interface" "two" {
  subnet_id = aws_subnet.b.id
}

resource "aws_network_acl" "main" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.a.id]

  ingress {
    rule_no    = 100
    protocol   = "tcp"
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = var.port
    to_port    = var.port
  }
  egress {
    rule_no    = 100
    protocol   = "-1"
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}

resource "aws_network_acl_rule" "ping" {
  network_acl_id = aws_network_acl.other.id
  rule_number    = 200
  protocol       = "icmp"
  rule_action    = "allow"
  cidr_block     = "10.0.0.0/8"
  icmp_type      = 8
  icmp_code      = -1
}

resource "aws_network_acl" "other" {
  vpc_id = aws_vpc.main.id
  lifecycle {
    ignore_changes = [ingress]
  }
}

resource "aws_vpc_dhcp_options" "main" {
  domain_name         = "example.com"
  domain_name_servers = ["AmazonProvidedDNS"]
  ntp_servers         = ["10.7.0.2"]
}

resource "aws_vpc_dhcp_options_association" "main" {
  vpc_id          = aws_vpc.main.id
  dhcp_options_id = aws_vpc_dhcp_options.main.id
}

resource "aws_flow_log" "main" {
  vpc_id                   = aws_vpc.main.id
  traffic_type             = "ALL"
  log_destination_type     = "s3"
  log_destination          = "arn:aws:s3:::flows/main"
  max_aggregation_interval = 60
}

resource "aws_ec2_network_insights_path" "main" {
  source           = aws_network_interface.one.id
  destination      = aws_network_interface.two.id
  protocol         = "tcp"
  destination_port = 443
}

resource "aws_ec2_network_insights_analysis" "main" {
  network_insights_path_id = aws_ec2_network_insights_path.main.id
}

output "found" {
  value = aws_ec2_network_insights_analysis.main.path_found
}
