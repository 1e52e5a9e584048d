# What a user writes who wants an instance in the default VPC.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" {}

variable "public_key" {}

variable "type" {
  default = "t3.micro"
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
  filter {
    name   = "name"
    values = ["debian*"]
  }
}

data "aws_ec2_instance_type" "wanted" {
  instance_type = var.type
}

data "aws_ec2_instance_type_offerings" "small" {
  location_type = "availability-zone"
  filter {
    name   = "instance-type"
    values = ["t3.micro"]
  }
}

resource "aws_key_pair" "me" {
  key_name   = "me"
  public_key = var.public_key
}

resource "aws_security_group" "ssh" {
  name = "ssh"
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "web" {
  ami                                  = data.aws_ami.debian.id
  instance_type                        = var.type
  key_name                             = aws_key_pair.me.key_name
  vpc_security_group_ids               = [aws_security_group.ssh.id]
  associate_public_ip_address          = true
  user_data                            = "#!/bin/sh\necho hello\n"
  disable_api_termination              = false
  instance_initiated_shutdown_behavior = "stop"

  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
    instance_metadata_tags      = "enabled"
  }
  credit_specification {
    cpu_credits = "standard"
  }
  maintenance_options {
    auto_recovery = "disabled"
  }
  root_block_device {
    volume_size           = 10
    volume_type           = "gp3"
    delete_on_termination = true
    tags                  = { Name = "disk" }
  }
  tags = { Name = "web" }
}

resource "aws_instance" "plain" {
  count         = 2
  ami           = data.aws_ami.debian.id
  instance_type = "m5.large"
}

output "seen" {
  value = join(" ", [
    data.aws_ami.debian.root_device_name,
    data.aws_ec2_instance_type.wanted.default_vcpus,
    data.aws_ec2_instance_type.wanted.memory_size,
    join(",", sort(data.aws_ec2_instance_type_offerings.small.locations)),
    aws_instance.web.instance_state,
    aws_instance.web.root_block_device[0].volume_size,
    aws_instance.web.public_ip != "",
    length(aws_instance.plain),
  ])
}
