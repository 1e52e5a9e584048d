package agent

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/micacloud/mica/hostagent/boot"
	"github.com/micacloud/mica/imagestore"
	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/proto/agentpb"
)

// A volume that was made once is never made again: where its file is missing, its storage
// is not there, and an empty disk in its place would pass for the guest's.
func TestALostVolumeIsNotMadeAnew(t *testing.T) {
	testkit.NeedProgram(t, "qemu-img")
	dir := t.TempDir()
	store, err := imagestore.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	source := filepath.Join(dir, "source.qcow2")
	if out, err := exec.Command("qemu-img", "create", "-q", "-f", "qcow2", source, "64M").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	image, err := store.ImportFile(t.Context(), source, imagestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const id = "vol-0123456789abcdef0"
	a, err := New(Config{DataDir: dir, RunDir: t.TempDir(), Images: store})
	if err != nil {
		t.Fatal(err)
	}
	seq := uint64(0)
	volume := func(exists, coming bool) (string, error) {
		t.Helper()
		seq++
		item := &agentpb.Item{Key: "volume/" + id, Value: &agentpb.Item_Volume{Volume: &agentpb.Volume{
			Id: id, ImageDigest: image.Digest, SizeGib: 1, InstanceId: instance, Exists: exists, Coming: coming,
		}}}
		if _, err := a.set.apply(&agentpb.Update{Complete: true, Seq: seq, Put: []*agentpb.Item{item}}); err != nil {
			t.Fatal(err)
		}
		disk, err := a.exec.Volumes.Volume(t.Context(), id)
		return disk.Path, err
	}
	path, err := volume(false, false)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := volume(true, false); err != nil || again != path {
		t.Errorf("a volume that is there: %q, %v", again, err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	_, err = volume(true, false)
	if failure, ok := errors.AsType[*boot.Failure](err); !ok || failure.Code != "Server.InternalError" || !strings.Contains(failure.Message, id) {
		t.Errorf("a volume whose file is gone: %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("it was made anew")
	}
	if _, err := volume(true, true); err != nil { // its content is on the way here
		t.Errorf("a volume that comes with its guest: %v", err)
	}
}
