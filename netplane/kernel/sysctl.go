package kernel

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/micacloud/mica/netplane/plan"
)

const sysctlDir = "/proc/sys/"

// applyHostSysctls writes values that are the host's own, and notes what they were.
func (k *Kernel) applyHostSysctls(list []plan.Sysctl) error {
	for _, s := range list {
		now, err := os.ReadFile(sysctlDir + s.Path)
		if value := strings.TrimSpace(string(now)); err == nil && value != s.Value {
			if err := k.rememberSysctl(s.Path, value); err != nil {
				return err
			}
		}
	}
	return k.applySysctls(list, "")
}

// applySysctls writes the values that differ, in the calling thread's namespace.
func (k *Kernel) applySysctls(list []plan.Sysctl, where string) error {
	for _, s := range list {
		path := sysctlDir + s.Path
		now, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) && s.Optional {
			continue
		}
		if err != nil {
			return err
		}
		if strings.TrimSpace(string(now)) == s.Value {
			continue
		}
		err = k.do("set "+s.Path+" = "+s.Value+in(where), func() error { return os.WriteFile(path, []byte(s.Value), 0) })
		if err != nil {
			return err
		}
	}
	return nil
}

func in(namespace string) string {
	if namespace == "" {
		return ""
	}
	return " in " + namespace
}

// sysctlFile has what the host's sysctls were before us.
func (k *Kernel) sysctlFile() string {
	return filepath.Join(k.cfg.StateDir, "sysctl-"+k.cfg.Prefix+".json")
}

func (k *Kernel) readSysctls() (map[string]string, error) {
	was := map[string]string{}
	b, err := os.ReadFile(k.sysctlFile())
	if errors.Is(err, os.ErrNotExist) {
		return was, nil
	}
	if err != nil {
		return nil, err
	}
	return was, json.Unmarshal(b, &was)
}

func (k *Kernel) rememberSysctl(path, value string) error {
	was, err := k.readSysctls()
	if err != nil {
		return err
	}
	if _, known := was[path]; known {
		return nil
	}
	was[path] = value
	b, err := json.Marshal(was)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(k.cfg.StateDir, 0o755); err != nil {
		return err
	}
	tmp := k.sysctlFile() + ".new"
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, k.sysctlFile())
}

// restoreSysctls gives the host its own values back, unless another Mica is on it:
// that one needs them as they are.
func (k *Kernel) restoreSysctls(ctx context.Context) error {
	was, err := k.readSysctls()
	if err != nil {
		return err
	}
	if len(was) > 0 {
		text, err := k.run(ctx, "", "iptables-save")
		if err != nil {
			return err
		}
		if slices.ContainsFunc(parseSave(text).rules("filter", "FORWARD"), isOtherJump) {
			was = nil
		}
	}
	for path, value := range was {
		err := k.do("restore "+path+" = "+value, func() error { return os.WriteFile(sysctlDir+path, []byte(value), 0) })
		if err != nil && !errors.Is(err, os.ErrNotExist) { // its device may be gone
			return err
		}
	}
	if err := os.Remove(k.sysctlFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
