// Command mica is the whole of Mica: server, agent and the tools for both. It reads
// flags, environment and file into a configuration and starts what that says; it
// decides nothing itself.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set by the Makefile from the repository's tags.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := root().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "mica:", err)
		os.Exit(1)
	}
}

func root() *cobra.Command {
	c := &cobra.Command{
		Use:           "mica",
		Short:         "A small EC2 for people who own Linux hosts",
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	c.PersistentFlags().String("config", "", "configuration file (YAML); MICA_* in the environment and flags win over it")
	c.PersistentFlags().String("data-dir", "/var/lib/mica", "where state, images and volumes are kept")
	c.PersistentFlags().String("run-dir", "/run/mica", "where sockets are")
	c.PersistentFlags().String("name-prefix", "mica", "what the names of this Mica's namespaces, links, chains and domains begin with")
	c.AddCommand(upCommand(), serverCommand(), agentCommand(), clusterCommand(), tokenCommand(), downCommand(), accountCommand(), imageCommand(), awsConfigCommand(), sshCommand(), consoleCommand(), explainCommand(), logCommand(), doctorCommand(), hostCommand())
	c.AddCommand(labCommand(), guardianCommand(), instanceCommand())
	return c
}
