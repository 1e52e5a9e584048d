package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/micacloud/mica/controlplane/operator"
	"github.com/micacloud/mica/internal/atomicfile"
	"github.com/micacloud/mica/netplane/plan"
)

func awsConfigCommand() *cobra.Command {
	var profile, dir string
	c := &cobra.Command{
		Use: "aws-config", Short: "Write a profile for the AWS CLI and SDKs", Args: cobra.NoArgs,
		Long: "Write endpoint, region, keys and CA bundle as a profile into the AWS configuration,\nso that `aws --profile mica ec2 describe-instances` reaches this cloud. Other profiles stay as they are.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := newAdminClient(cmd)
			if err != nil {
				return err
			}
			var a operator.Access
			if err := c.do(cmd.Context(), http.MethodGet, "/v1/access", nil, &a); err != nil {
				return err
			}
			if dir == "" {
				home, err := os.UserHomeDir()
				if err != nil {
					return err
				}
				dir = filepath.Join(home, ".aws")
			}
			if err := writeProfile(dir, profile, a); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "profile %q is in %s: try  aws --profile %s --endpoint-url %s ec2 describe-instances\n(an AWS CLI from 2.13 on needs no --endpoint-url)\n", profile, dir, profile, a.Endpoint)
			return nil
		},
	}
	c.Flags().StringVar(&profile, "profile", "mica", "the profile's name")
	c.Flags().StringVar(&dir, "dir", "", "folder of the AWS configuration (default: ~/.aws)")
	return c
}

// writeProfile puts a profile into config and credentials. An AWS CLI older than 2.13,
// as Debian 12 has, passes over endpoint_url and wants --endpoint-url.
func writeProfile(dir, profile string, a operator.Access) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	section := "profile " + profile
	if profile == "default" {
		section = profile
	}
	conf := []string{"region = " + a.Region, "endpoint_url = " + a.Endpoint, "output = json"}
	if a.CABundle != "" {
		conf = append(conf, "ca_bundle = "+a.CABundle)
	}
	keys := []string{"aws_access_key_id = " + a.AccessKey, "aws_secret_access_key = " + a.SecretKey}
	return errors.Join(
		setSection(filepath.Join(dir, "config"), section, conf),
		setSection(filepath.Join(dir, "credentials"), profile, keys),
	)
}

// setSection replaces one section of an INI file and leaves the rest untouched.
func setSection(path, section string, lines []string) error {
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	var out strings.Builder
	skip := false
	for line := range strings.Lines(string(old)) {
		if t := strings.TrimSpace(line); strings.HasPrefix(t, "[") {
			skip = t == "["+section+"]"
		}
		if !skip {
			out.WriteString(line)
		}
	}
	text := strings.TrimRight(out.String(), "\n")
	if text != "" {
		text += "\n\n"
	}
	return atomicfile.Write(path, []byte(text+"["+section+"]\n"+strings.Join(lines, "\n")+"\n"), 0o600)
}

// view asks for one instance by id or Name.
func (c *adminClient) explain(ctx context.Context, name string) (*operator.Explanation, error) {
	var e operator.Explanation
	return &e, c.do(ctx, http.MethodGet, "/v1/instances/"+name, nil, &e)
}

func sshCommand() *cobra.Command {
	var user, identity string
	c := &cobra.Command{
		Use: "ssh NAME|ID [-- COMMAND...]", Short: "Log in to a guest", Args: cobra.MinimumNArgs(1),
		Long: "Log in to a guest by ssh: at its public address, or without one through its VPC's namespace on this host.\nThe security group applies to both.",
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := newAdminClient(cmd)
			if err != nil {
				return err
			}
			e, err := c.explain(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if e.Instance.State != "running" {
				return fmt.Errorf("%s is %s: only a running instance can be logged in to", e.Instance.ID, e.Instance.State)
			}
			argv := []string{"ssh", "-o", "StrictHostKeyChecking=accept-new", "-l", user}
			if identity != "" {
				argv = append(argv, "-i", identity)
			}
			address := e.Instance.PublicIP
			if address == "" {
				cfg, err := loadConfig(cmd)
				if err != nil {
					return err
				}
				argv = append([]string{"ip", "netns", "exec", plan.NamespaceName(cfg.NamePrefix, e.Instance.VPC)}, argv...)
				address = e.Instance.PrivateIP
			}
			argv = append(append(argv, address), args[1:]...)
			path, err := exec.LookPath(argv[0])
			if err != nil {
				return fmt.Errorf("%w: install openssh-client and iproute2", err)
			}
			return syscall.Exec(path, argv, os.Environ())
		},
	}
	c.Flags().StringVarP(&user, "login", "l", "debian", "user to log in as")
	c.Flags().StringVarP(&identity, "identity", "i", "", "private key file")
	return c
}

func consoleCommand() *cobra.Command {
	return &cobra.Command{
		Use: "console NAME|ID", Short: "Join a guest's serial console, scrollback first; Ctrl-] leaves", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := newAdminClient(cmd)
			if err != nil {
				return err
			}
			return c.console(cmd, args[0])
		},
	}
}

// console speaks HTTP by hand up to the upgrade, then joins terminal and guest.
func (c *adminClient) console(cmd *cobra.Command, name string) error {
	conn, err := net.Dial("unix", c.socket)
	if err != nil {
		return fmt.Errorf("cannot reach mica: %w: is `mica up` running, and are you root?", err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "GET /v1/instances/%s/console HTTP/1.1\r\nHost: mica\r\nConnection: Upgrade\r\nUpgrade: mica-console\r\n\r\n", name); err != nil {
		return err
	}
	in := bufio.NewReader(conn)
	resp, err := http.ReadResponse(in, nil)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		b, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
		return errors.New(strings.TrimSpace(string(b)))
	}
	if fd := int(os.Stdin.Fd()); term.IsTerminal(fd) {
		old, err := term.MakeRaw(fd)
		if err != nil {
			return err
		}
		defer term.Restore(fd, old)
	}
	done := make(chan struct{}, 2)
	go func() { _, _ = io.Copy(cmd.OutOrStdout(), in); done <- struct{}{} }()
	go func() { _ = copyUntilEscape(conn, cmd.InOrStdin()); done <- struct{}{} }()
	select {
	case <-done:
	case <-cmd.Context().Done():
	}
	return nil
}

// copyUntilEscape copies until the source ends or has Ctrl-].
func copyUntilEscape(w io.Writer, r io.Reader) error {
	buf := make([]byte, 4096)
	for {
		n, err := r.Read(buf)
		for i, b := range buf[:n] {
			if b == 0x1d {
				_, _ = w.Write(buf[:i])
				return nil
			}
		}
		if _, err := w.Write(buf[:n]); err != nil {
			return err
		}
		if err != nil {
			return err
		}
	}
}

func logCommand() *cobra.Command {
	c := &cobra.Command{Use: "log", Short: "Read the replicated log: the audit trail"}
	show := &cobra.Command{
		Use: "show", Short: "Print what was changed, by whom and when", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := newAdminClient(cmd)
			if err != nil {
				return err
			}
			resp, err := c.open(cmd.Context(), http.MethodGet, "/v1/log", nil)
			if err != nil {
				return err
			}
			defer resp.Body.Close()
			if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
				_, err = io.Copy(cmd.OutOrStdout(), resp.Body)
				return err
			}
			return printLog(cmd.OutOrStdout(), resp.Body)
		},
	}
	show.Flags().Bool("json", false, "one JSON record a line")
	c.AddCommand(show)
	return c
}

// decodeLines decodes JSON records a line.
func decodeLines[T any](r io.Reader, fn func(T) error) error {
	for d := json.NewDecoder(r); ; {
		var v T
		if err := d.Decode(&v); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := fn(v); err != nil {
			return err
		}
	}
}
