package kernel

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// netnsDir is where iproute2 keeps named namespaces.
const netnsDir = "/run/netns"

// threadNS is the calling thread's namespace. /proc/self would be the main thread's.
const threadNS = "/proc/thread-self/ns/net"

// InNamespace runs fn on an OS thread that is in the VPC's namespace. Sockets that
// fn makes stay there; goroutines that it starts do not run there.
func (k *Kernel) InNamespace(vpcID string, fn func() error) error {
	return inNamespace(plan.NamespaceName(k.cfg.Prefix, vpcID), fn)
}

func inNamespace(name string, fn func() error) error {
	ns, err := os.Open(filepath.Join(netnsDir, name))
	if err != nil {
		return fmt.Errorf("network namespace %s: %w", name, err)
	}
	defer ns.Close()
	return onThread(func() error {
		if err := unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("enter network namespace %s: %w", name, err)
		}
		return fn()
	})
}

// onThread runs fn on a locked thread and brings the thread back to its namespace
// after it. A thread that does not come back is never given to anybody else.
func onThread(fn func() error) error {
	runtime.LockOSThread()
	home, err := os.Open(threadNS)
	if err != nil {
		runtime.UnlockOSThread()
		return err
	}
	defer func() {
		if unix.Setns(int(home.Fd()), unix.CLONE_NEWNET) == nil {
			runtime.UnlockOSThread()
		}
		home.Close()
	}()
	return fn()
}

// namespaceExists also says no to what a crash left between the file and the mount.
func namespaceExists(name string) bool {
	var fs unix.Statfs_t
	return unix.Statfs(filepath.Join(netnsDir, name), &fs) == nil && fs.Type == unix.NSFS_MAGIC
}

// createNamespace does what "ip netns add" does.
func createNamespace(name string) error {
	if err := shareNetnsDir(); err != nil {
		return err
	}
	path := filepath.Join(netnsDir, name)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	f.Close()
	err = onThread(func() error {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return err
		}
		return unix.Mount(threadNS, path, "none", unix.MS_BIND, "")
	})
	if err != nil {
		os.Remove(path)
	}
	return err
}

// shareNetnsDir makes mounts below /run/netns spread to other mount namespaces, and
// what is more, unmounts: a QEMU that has its own would keep the namespace alive.
func shareNetnsDir() error {
	if err := os.MkdirAll(netnsDir, 0o755); err != nil {
		return err
	}
	err := unix.Mount("", netnsDir, "none", unix.MS_SHARED|unix.MS_REC, "")
	if errors.Is(err, unix.EINVAL) { // not a mount point yet
		if err = unix.Mount(netnsDir, netnsDir, "none", unix.MS_BIND|unix.MS_REC, ""); err == nil {
			err = unix.Mount("", netnsDir, "none", unix.MS_SHARED|unix.MS_REC, "")
		}
	}
	return err
}

func deleteNamespace(name string) error {
	path := filepath.Join(netnsDir, name)
	if err := unix.Unmount(path, unix.MNT_DETACH); err != nil && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOENT) {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// ownNamespaces are the namespaces of VPCs and NAT gateways that bear our prefix.
func (k *Kernel) ownNamespaces() ([]string, error) {
	form := regexp.MustCompile(`^` + regexp.QuoteMeta(k.cfg.Prefix) + `-(vpc|eni)-[0-9a-f]{8,17}$`)
	entries, err := os.ReadDir(netnsDir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if form.MatchString(e.Name()) {
			out = append(out, e.Name())
		}
	}
	return out, nil
}
