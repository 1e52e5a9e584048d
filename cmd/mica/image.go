package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/operator"
	"github.com/micacloud/mica/deploy"
)

func imageCommand() *cobra.Command {
	c := &cobra.Command{Use: "image", Short: "Build, import and list images"}
	c.AddCommand(imageImportCommand(), imageListCommand(), imageBuildCommand())
	return c
}

func imageImportCommand() *cobra.Command {
	var in operator.Image
	c := &cobra.Command{
		Use:   "import PATH-or-URL",
		Short: "Check a qcow2 or raw image, keep it, and make an AMI of it",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path, done, err := fetch(cmd.Context(), args[0], in.SHA256)
			if err != nil {
				return err
			}
			defer done()
			if in.Name == "" {
				in.Name = strings.TrimSuffix(filepath.Base(args[0]), filepath.Ext(args[0]))
			}
			return importImage(cmd, path, in)
		},
	}
	imageFlags(c, &in)
	c.Flags().StringVar(&in.SHA256, "sha256", "", "digest that the file must have; wanted for a URL")
	c.Flags().StringVar(&in.Format, "format", "", "qcow2 or raw (default: qcow2 if it begins as one)")
	return c
}

func imageFlags(c *cobra.Command, in *operator.Image) {
	c.Flags().StringVar(&in.Name, "name", "", "the AMI's name")
	c.Flags().StringVar(&in.Description, "description", "", "the AMI's description")
	c.Flags().StringVar(&in.Region, "region", "", "the AMI's region (default: the first)")
	c.Flags().StringVar(&in.Arch, "arch", arch(), "architecture of its programs")
	c.Flags().BoolVar(&in.Public, "public", true, "let every account launch it")
}

func importImage(cmd *cobra.Command, path string, in operator.Image) error {
	c, err := newAdminClient(cmd)
	if err != nil {
		return err
	}
	if in.Path, err = filepath.Abs(path); err != nil {
		return err
	}
	var out struct {
		ID string `json:"image_id"`
	}
	if err := c.do(cmd.Context(), http.MethodPost, "/v1/images", in, &out); err != nil {
		return fmt.Errorf("import %s: %w", path, err)
	}
	fmt.Fprintln(cmd.OutOrStdout(), out.ID)
	return nil
}

func imageListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the images", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := newAdminClient(cmd)
			if err != nil {
				return err
			}
			var all []*model.Image
			if err := c.do(cmd.Context(), http.MethodGet, "/v1/images", nil, &all); err != nil {
				return err
			}
			t := newTable(cmd)
			t.AppendHeader(table.Row{"image", "name", "region", "state", "size", "disk", "digest"})
			for _, i := range all {
				t.AppendRow(table.Row{i.ID, i.Name, i.Region, i.State, mib(i.SizeBytes), mib(i.VirtualBytes), i.Digest[:min(12, len(i.Digest))]})
			}
			t.Render()
			return nil
		},
	}
}

func imageBuildCommand() *cobra.Command {
	var in operator.Image
	var only string
	c := &cobra.Command{
		Use: "build debian|tiny", Short: "Build an image from this machine's own package sources, and import it",
		Args: cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs), ValidArgs: []string{"debian", "tiny"},
		RunE: func(cmd *cobra.Command, args []string) error {
			out := only
			if out == "" {
				dir, err := os.MkdirTemp("", "mica-image-")
				if err != nil {
					return err
				}
				defer os.RemoveAll(dir)
				out = filepath.Join(dir, args[0]+".qcow2")
			}
			if err := deploy.BuildImage(cmd.Context(), args[0], out, cmd.ErrOrStderr()); err != nil {
				return err
			}
			if only != "" {
				fmt.Fprintln(cmd.OutOrStdout(), out)
				return nil
			}
			if in.Name == "" {
				in.Name = args[0]
			}
			in.Format = "qcow2"
			return importImage(cmd, out, in)
		},
	}
	imageFlags(c, &in)
	c.Flags().StringVar(&only, "output", "", "write the file here and do not import it")
	return c
}

// fetch returns a local path for an argument that may be a URL.
func fetch(ctx context.Context, source, sha256 string) (path string, done func(), err error) {
	if !strings.HasPrefix(source, "http://") && !strings.HasPrefix(source, "https://") {
		return source, func() {}, nil
	}
	if sha256 == "" {
		return "", nil, errors.New("an image from a URL needs --sha256: what is fetched must be what was meant")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, source, nil)
	if err != nil {
		return "", nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", nil, fmt.Errorf("%s: %s", source, resp.Status)
	}
	f, err := os.CreateTemp("", "mica-fetch-")
	if err != nil {
		return "", nil, err
	}
	done = func() { os.Remove(f.Name()) }
	_, err = io.Copy(f, progress(resp.Body, resp.ContentLength))
	if err = errors.Join(err, f.Close()); err != nil {
		done()
		return "", nil, fmt.Errorf("%s: %w", source, err)
	}
	return f.Name(), done, nil
}

// progress shows how a long read goes, on a terminal alone.
func progress(r io.Reader, total int64) io.Reader {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return r
	}
	p := mpb.New(mpb.WithOutput(os.Stderr))
	bar := p.AddBar(max(total, 0), mpb.PrependDecorators(decor.CountersKibiByte("% .1f / % .1f")), mpb.AppendDecorators(decor.AverageSpeed(decor.SizeB1024(0), "% .1f")))
	return bar.ProxyReader(r)
}

func newTable(cmd *cobra.Command) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(cmd.OutOrStdout())
	t.SetStyle(table.StyleLight)
	return t
}

func mib(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }
