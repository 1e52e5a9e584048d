package e2e

import (
	"strings"
	"testing"
)

func TestMain(m *testing.M) { Main(m) }

// TestAWSCLIFirstSteps is what the README shows, with Debian's AWS CLI.
func TestAWSCLIFirstSteps(t *testing.T) {
	m := Start(t, Options{Sim: true})
	var who struct{ Account, Arn string }
	m.MustAWS(&who, "sts", "get-caller-identity")
	if who.Account != Account || who.Arn != "arn:aws:iam::"+Account+":root" {
		t.Errorf("caller: %+v", who)
	}
	ami := m.ImportTiny()
	var run struct{ Instances []struct{ InstanceId string } }
	m.MustAWS(&run, "ec2", "run-instances", "--image-id", ami, "--instance-type", "t3.nano", "--count", "2")
	if len(run.Instances) != 2 {
		t.Fatalf("ran %+v", run)
	}
	ids := []string{run.Instances[0].InstanceId, run.Instances[1].InstanceId}
	m.MustAWS(nil, append([]string{"ec2", "wait", "instance-running", "--instance-ids"}, ids...)...)
	m.MustAWS(nil, append([]string{"ec2", "terminate-instances", "--instance-ids"}, ids...)...)
	m.MustAWS(nil, append([]string{"ec2", "wait", "instance-terminated", "--instance-ids"}, ids...)...)
	if _, err := m.AWS("ec2", "describe-instances", "--instance-ids", "i-0123456789abcdef0"); err == nil || !strings.Contains(err.Error(), "InvalidInstanceID.NotFound") {
		t.Errorf("an unknown id: %v", err)
	}
	if log := m.CLI("log", "show"); !strings.Contains(log, "ec2:RunInstances by arn:aws:iam::"+Account+":root") || !strings.Contains(log, "put instances "+ids[0]) {
		t.Errorf("the log does not tell of the launch:\n%s", log)
	}
	if out := m.CLI("explain", "instance", ids[0]); !strings.Contains(out, "resumed") || !strings.Contains(out, "terminated") {
		t.Errorf("explain:\n%s", out)
	}
}
