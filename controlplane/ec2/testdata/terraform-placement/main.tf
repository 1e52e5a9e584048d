# Instances that lie as a user wants them to each other, and room that is kept.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" {}

variable "reserved" {
  default = 1
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

data "aws_ami" "debian" {
  owners      = ["self"]
  most_recent = true
}

resource "aws_placement_group" "apart" {
  name            = "apart"
  strategy        = "partition"
  partition_count = 3
}

resource "aws_instance" "member" {
  count                      = 2
  ami                        = data.aws_ami.debian.id
  instance_type              = "t3.micro"
  availability_zone          = "eu-central-1a"
  placement_group            = aws_placement_group.apart.name
  placement_partition_number = count.index + 1
}

resource "aws_ec2_host" "own" {
  availability_zone = "eu-central-1a"
  instance_type     = "t3.micro"
  auto_placement    = "off"
}

resource "aws_instance" "pinned" {
  ami           = data.aws_ami.debian.id
  instance_type = "t3.micro"
  tenancy       = "host"
  host_id       = aws_ec2_host.own.id
}

resource "aws_ec2_capacity_reservation" "kept" {
  instance_type           = "t3.small"
  instance_platform       = "Linux/UNIX"
  availability_zone       = "eu-central-1a"
  instance_count          = var.reserved
  instance_match_criteria = "targeted"
}

resource "aws_instance" "inside" {
  ami           = data.aws_ami.debian.id
  instance_type = "t3.small"
  capacity_reservation_specification {
    capacity_reservation_target {
      capacity_reservation_id = aws_ec2_capacity_reservation.kept.id
    }
  }
}

data "aws_ec2_host" "own" {
  host_id = aws_ec2_host.own.id
}

output "seen" {
  value = join(" ", [
    join(",", aws_instance.member[*].placement_partition_number), data.aws_ec2_host.own.auto_placement, data.aws_ec2_host.own.instance_type,
    aws_instance.pinned.tenancy, aws_ec2_capacity_reservation.kept.instance_count,
  ])
}
