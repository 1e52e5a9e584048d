package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

const (
	diskLow   = 10 << 30 // bytes: a few images and volumes
	diskEmpty = 1 << 30
	inodesLow = 10_000

	// Every mutation of the API waits for one fsync.
	fsyncSlow  = 10 * time.Millisecond
	fsyncCount = 20
)

// existing is dir or the nearest folder above that exists.
func existing(dir string) string {
	for dir != "/" {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	return dir
}

// dataDirPath checks that QEMU's user may pass every folder down to the data directory.
func (h *host) dataDirPath(_ context.Context, cfg Config) Check {
	c := Check{Name: "data directory", Status: Pass, Detail: cfg.DataDir + " can be reached by QEMU's user"}
	u, err := h.qemuUser()
	if err != nil {
		c.Status, c.Detail, c.Fix = Warn, err.Error(), "apt-get install libvirt-daemon-system"
		return c
	}
	for dir := existing(h.path(cfg.DataDir)); dir != "/"; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			c.Status, c.Detail = Fail, err.Error()
			return c
		}
		st := info.Sys().(*syscall.Stat_t)
		if !mayPass(u, st.Uid, st.Gid, info.Mode().Perm()) {
			c.Status = Fail
			c.Detail = fmt.Sprintf("QEMU's user %s may not pass %s (%v), so no guest can open its volumes", u.name, dir, info.Mode().Perm())
			c.Fix = "chmod o+x " + dir + ", or choose another place with --data-dir"
			return c
		}
	}
	return c
}

func mayPass(u user, uid, gid uint32, mode os.FileMode) bool {
	switch {
	case u.uid == 0:
		return true
	case u.uid == uid:
		return mode&0o100 != 0
	case slices.Contains(u.groups, gid):
		return mode&0o010 != 0
	}
	return mode&0o001 != 0
}

func (h *host) freeDisk(_ context.Context, cfg Config) Check {
	c := Check{Name: "free disk", Status: Pass}
	dir := existing(h.path(cfg.DataDir))
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		c.Status, c.Detail = Fail, fmt.Sprintf("%s: %v", dir, err)
		return c
	}
	free := int64(fs.Bavail) * fs.Bsize
	c.Detail = fmt.Sprintf("%.1f GiB free in %s", float64(free)/(1<<30), dir)
	c.Status = spaceStatus(free, int64(fs.Ffree), int64(fs.Files))
	if c.Status != Pass {
		c.Fix = "free some, or choose another place with --data-dir"
		if fs.Files > 0 && fs.Ffree < inodesLow {
			c.Detail += fmt.Sprintf(", %d inodes", fs.Ffree)
		}
	}
	return c
}

// spaceStatus judges free bytes and inodes; a file system without inodes has 0 of 0.
func spaceStatus(free, inodes, ofInodes int64) Status {
	switch {
	case free < diskEmpty:
		return Fail
	case free < diskLow, ofInodes > 0 && inodes < inodesLow:
		return Warn
	}
	return Pass
}

func (h *host) fsyncTime(ctx context.Context, cfg Config) Check {
	c := Check{Name: "fsync time"}
	dir := existing(h.path(cfg.DataDir))
	median, err := measureFsync(ctx, dir)
	switch {
	case err != nil:
		c.Status, c.Detail, c.Fix = Fail, err.Error(), "choose another place with --data-dir"
	case median > fsyncSlow:
		c.Status = Warn
		c.Detail = fmt.Sprintf("%v in %s: every change through the API waits for at least one", median.Round(time.Microsecond), dir)
		c.Fix = "put the data directory on an SSD, best one with power-loss protection"
	default:
		c.Status, c.Detail = Pass, fmt.Sprintf("%v in %s", median.Round(time.Microsecond), dir)
	}
	return c
}

// measureFsync returns the median time of making 4 KiB durable.
func measureFsync(ctx context.Context, dir string) (median time.Duration, err error) {
	f, err := os.CreateTemp(dir, ".mica-doctor-*")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	block := make([]byte, 4096)
	var times []time.Duration
	for i := range fsyncCount {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		begin := time.Now()
		if _, err := f.WriteAt(block, int64(i)*4096); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
		times = append(times, time.Since(begin))
	}
	slices.Sort(times)
	return times[len(times)/2], nil
}
