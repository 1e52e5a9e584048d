package main

import (
	"context"
	"fmt"
	"time"

	agentkit "github.com/micacloud/mica/controlplane/dispatch/benchkit"
)

// heartbeats is the share of a core that idle hosts take, server and agents together.
func heartbeats(ctx context.Context, quick bool) (ours, baseline float64, err error) {
	err = scratch(func(dir string) error {
		r, err := agentkit.Agents(ctx, dir, pick(quick, 50, 10_000), pick(quick, time.Second, 30*time.Second))
		if err == nil && r.Entries != 0 {
			err = fmt.Errorf("%d entries of the log for heartbeats", r.Entries)
		}
		ours = r.Share
		return err
	})
	return ours, 1, err
}
