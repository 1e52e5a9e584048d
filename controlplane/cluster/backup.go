package cluster

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/pki"
)

// A backup is a line that says what it is, a line of JSON about it, the state as a
// snapshot has it, and the SHA-256 of all before.
const backupMark = "mica backup 1\n"

// BackupInfo says what a backup is of.
type BackupInfo struct {
	Server    string // that wrote it
	Authority string // digest of the cluster's
	Program   string
	Schema    int
	Epoch     int64
	Rev       int64
	At        time.Time
	Settings  json.RawMessage // of servers
}

// ErrDamaged says that a file is no backup, or not all of one.
var ErrDamaged = errors.New("this is no whole backup")

type summed struct {
	io.Writer
	hash.Hash
}

func (s summed) Write(p []byte) (int, error) {
	_, _ = s.Hash.Write(p) // a hash takes all
	return s.Writer.Write(p)
}

// backup streams the state, as new as all that was answered before.
func (c *Cluster) backup(w http.ResponseWriter, r *http.Request) {
	n := c.node.Load()
	v, err := n.Read(r.Context())
	if err != nil {
		refuse(w, err)
		return
	}
	info := BackupInfo{Server: c.ID(), Authority: c.cfg.CA.Digest(), Program: c.cfg.Version, Schema: store.Schema, At: time.Now().UTC(), Epoch: v.Version().Epoch, Rev: v.Version().Rev}
	if info.Settings, err = c.cfg.Settings(pki.RoleServer); err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	if err := writeBackup(w, info, n); err != nil {
		c.cfg.Log.Warn("a backup ended early; its reader will find it damaged", "err", err)
	}
}

func writeBackup(w io.Writer, info BackupInfo, n *consensus.Node) error {
	about, err := json.Marshal(info)
	if err != nil {
		return err
	}
	out := summed{w, sha256.New()}
	if _, err := io.WriteString(out, backupMark); err != nil {
		return err
	}
	if _, err := out.Write(append(about, '\n')); err != nil {
		return err
	}
	if _, err := n.WriteState(out); err != nil {
		return err
	}
	_, err = w.Write(out.Sum(nil))
	return err
}

// ReadBackup checks a whole file, then calls use with what it says of itself and the
// state.
func ReadBackup(path string, use func(BackupInfo, io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	stat, err := f.Stat()
	if err != nil {
		return err
	}
	size := stat.Size() - sha256.Size
	if size < int64(len(backupMark)) {
		return fmt.Errorf("%s: %w", path, ErrDamaged)
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(f, 0, size)); err != nil {
		return err
	}
	want := make([]byte, sha256.Size)
	if _, err := f.ReadAt(want, size); err != nil {
		return err
	}
	if string(sum.Sum(nil)) != string(want) {
		return fmt.Errorf("%s: %w: its checksum differs", path, ErrDamaged)
	}
	in := bufio.NewReader(io.NewSectionReader(f, 0, size))
	if line, err := in.ReadString('\n'); err != nil || line != backupMark {
		return fmt.Errorf("%s: %w", path, ErrDamaged)
	}
	about, err := in.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("%s: %w", path, ErrDamaged)
	}
	var info BackupInfo
	if err := json.Unmarshal(about, &info); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if info.Schema > store.Schema {
		return fmt.Errorf("%s has schema %d, this program knows %d: %w", path, info.Schema, store.Schema, store.ErrNewerSchema)
	}
	return use(info, in)
}

// aloneFile marks a server that was made the only one of its cluster: by a restore, or
// by a recovery.
const aloneFile = "alone"

// MarkAlone has the server of a data directory shut all other servers out when it leads.
func MarkAlone(dataDir string) error {
	return os.WriteFile(filepath.Join(dataDir, aloneFile), []byte("the other servers are shut out when this one leads\n"), 0o600)
}

// shutOutOthers does what MarkAlone asked for.
func (c *Cluster) shutOutOthers(tx *store.Tx) error {
	var others []*model.Membership
	for m := range store.Memberships.List(tx) {
		if m.Role == string(pki.RoleServer) && m.ID != c.ID() {
			others = append(others, m)
		}
	}
	for _, m := range others {
		if err := ShutOut(tx, m.ID); err != nil {
			return err
		}
	}
	for s := range store.Servers.List(tx) {
		if s.ID != c.ID() {
			if err := store.Servers.Delete(tx, s.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
