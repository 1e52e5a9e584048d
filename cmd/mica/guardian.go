package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/micacloud/mica/hostagent/guardian"
)

func guardianCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "guardian", Short: "End guests that may be started elsewhere, when this host's lease has run out", Args: cobra.NoArgs,
		Long: "End the guests that the control plane may start on another host, when this host's lease has run out by its own clock.\n" +
			"It is a process apart from the agent and needs neither disk, network nor libvirt; run it under an init that restarts it\n" +
			"at once. Without it no such guest starts here.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			run, _ := cmd.Flags().GetString("run-dir")
			format, _ := cmd.Flags().GetString("log-format")
			log, err := newLogger(&config{LogLevel: "info", LogFormat: format})
			if err != nil {
				return err
			}
			return (&guardian.Guardian{Folder: guardianFolder(run), Log: log}).Run(cmd.Context())
		},
	}
	c.Flags().String("log-format", "text", "text or json")
	return c
}

// guardianFolder is where agent and guardian meet.
func guardianFolder(runDir string) guardian.Folder {
	return guardian.Folder(filepath.Join(runDir, "guardian"))
}
