package e2e

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

const terraformMain = `
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
provider "aws" {
  skip_metadata_api_check = true
  endpoints {
    ec2 = "ENDPOINT"
    sts = "ENDPOINT"
  }
}
data "aws_caller_identity" "me" {}
data "aws_vpc" "default" {
  default = true
}
data "aws_ami" "tiny" {
  most_recent = true
  filter {
    name   = "image-id"
    values = ["AMI"]
  }
}
resource "aws_key_pair" "k" {
  key_name   = "terraform"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJmZx0Zc9Q6mS0o0c9VJ0Uj7YyqQwKcT1R5yGJ6mZl0w terraform"
}
resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = data.aws_vpc.default.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0", "10.0.0.0/8"]
    description = "from anywhere & here"
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "db" {
  name   = "db"
  vpc_id = data.aws_vpc.default.id
  tags   = { tier = "data" }
}
resource "aws_vpc_security_group_ingress_rule" "db" {
  security_group_id            = aws_security_group.db.id
  referenced_security_group_id = aws_security_group.web.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}
resource "aws_instance" "web" {
  ami                    = data.aws_ami.tiny.id
  instance_type          = "TYPE"
  key_name               = aws_key_pair.k.key_name
  vpc_security_group_ids = [aws_security_group.web.id]
  user_data              = "#!/bin/sh\necho hello\n"
  metadata_options {
    http_tokens = "required"
  }
  root_block_device {
    volume_size = 10
  }
  tags = { Name = "web" }
}
output "who" {
  value = data.aws_caller_identity.me.arn
}
`

// TestTerraform: apply makes it, a plan right after finds nothing to do, a change of
// the instance's type stops and starts it, and destroy leaves nothing.
func TestTerraform(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	testkit.NeedProgram(t, "terraform")
	mirror := providerMirror(t)
	m := Start(t, Options{Sim: true})
	ami := m.ImportTiny()
	tf := &terraform{t: t, m: m, dir: t.TempDir(), ami: ami}
	tf.file("rc", "provider_installation {\n  filesystem_mirror {\n    path = \""+mirror+"\"\n  }\n}\n")
	tf.main("t3.micro")
	tf.run(0, "init", "-input=false")
	if out := tf.run(0, "apply", "-auto-approve", "-input=false"); !strings.Contains(out, "arn:aws:iam::"+Account+":root") {
		t.Errorf("the caller is not in the output:\n%s", out)
	}
	tf.run(0, "plan", "-detailed-exitcode", "-input=false") // 2 would be a difference
	var first, then struct {
		Reservations []struct {
			Instances []struct{ InstanceId, InstanceType string }
		}
	}
	m.MustAWS(&first, "ec2", "describe-instances", "--filters", "Name=tag:Name,Values=web")
	tf.main("t3.small")
	tf.run(0, "apply", "-auto-approve", "-input=false")
	tf.run(0, "plan", "-detailed-exitcode", "-input=false")
	m.MustAWS(&then, "ec2", "describe-instances", "--filters", "Name=tag:Name,Values=web")
	if was, is := first.Reservations[0].Instances[0], then.Reservations[0].Instances[0]; is.InstanceType != "t3.small" || is.InstanceId != was.InstanceId {
		t.Errorf("%+v became %+v", was, is)
	}
	tf.run(0, "destroy", "-auto-approve", "-input=false")
	if out := m.MustAWS(nil, "ec2", "describe-security-groups", "--filters", "Name=group-name,Values=web,db", "--query", "SecurityGroups[].GroupId", "--output", "text"); strings.TrimSpace(out) != "" {
		t.Errorf("groups are left: %s", out)
	}
}

type terraform struct {
	t        *testing.T
	m        *Mica
	dir, ami string
}

func (tf *terraform) file(name, text string) {
	tf.t.Helper()
	if err := os.WriteFile(filepath.Join(tf.dir, name), []byte(text), 0o600); err != nil {
		tf.t.Fatal(err)
	}
}

func (tf *terraform) main(kind string) {
	tf.t.Helper()
	tf.file("main.tf", strings.NewReplacer("ENDPOINT", "http://"+tf.m.HTTP, "AMI", tf.ami, "TYPE", kind).Replace(terraformMain))
}

func (tf *terraform) run(want int, args ...string) string {
	tf.t.Helper()
	ctx, cancel := context.WithTimeout(tf.t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "terraform", append(args, "-no-color")...)
	cmd.Dir = tf.dir
	cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+filepath.Join(tf.dir, "rc"), "CHECKPOINT_DISABLE=1",
		"AWS_ACCESS_KEY_ID="+AccessKey, "AWS_SECRET_ACCESS_KEY="+SecretKey, "AWS_REGION="+Region, "AWS_CONFIG_FILE="+filepath.Join(tf.dir, "none"))
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != want {
		tf.t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// providerMirror finds a folder with an unpacked AWS provider, laid out as Terraform's
// own mirrors are.
func providerMirror(t *testing.T) string {
	t.Helper()
	home, _ := os.UserHomeDir()
	for _, root := range []string{os.Getenv("MICA_TERRAFORM_MIRROR"), "/opt", "/usr/share/terraform", "/usr/local/share/terraform", filepath.Join(home, ".terraform.d")} {
		if root == "" {
			continue
		}
		found := ""
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return fs.SkipDir
			}
			if strings.Count(strings.TrimPrefix(path, root), "/") > 8 {
				return fs.SkipDir
			}
			if i := strings.Index(path, "/registry.terraform.io/hashicorp/aws/5.100.0/"); i >= 0 && !d.IsDir() {
				found = path[:i]
				return errors.New("found")
			}
			return nil
		})
		if found != "" {
			return found
		}
	}
	testkit.Skip(t, "needs Terraform's AWS provider 5.100.0 in a local mirror (MICA_TERRAFORM_MIRROR)")
	return ""
}
