package nemesis

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// second is an instance's interface at device index 1, or nil.
func second(v store.View, instance string) *model.Interface {
	for i := range store.Interfaces.By(v, "instance", instance) {
		if i.DeviceIndex == 1 {
			return i
		}
	}
	return nil
}

// insist calls until it is done, by this call or by one before whose answer was lost: then
// the error is the other one.
func (s *script) insist(done string, action string, params ...string) (answer, error) {
	out := s.k.persist(time.Minute, func(ctx context.Context, server string) answer {
		return s.k.call(ctx, server, action, params...)
	})
	if !out.ok() && out.code != done {
		return out, fmt.Errorf("%s answered %q %s", action, out.code, out.message)
	}
	return out, nil
}

// plug: plug web attaches to each instance of a run a second interface, always the same.
func (s *script) plug(a words) error {
	for _, id := range s.w.of(a.word(0)).ids {
		i := store.Instances.Get(s.c.leader().node().Stale(), id)
		made, err := s.insist("", "CreateNetworkInterface", "SubnetId", i.SubnetID, "ClientToken", "second-"+id)
		if err != nil {
			return err
		}
		var eni struct {
			ID string `xml:"networkInterface>networkInterfaceId"`
		}
		s.k.parse(made, &eni)
		if _, err := s.insist("InvalidNetworkInterface.InUse", "AttachNetworkInterface", "NetworkInterfaceId", eni.ID, "InstanceId", id, "DeviceIndex", "1"); err != nil {
			return err
		}
	}
	return a.err
}

// unplug: unplug web, unplug web force.
func (s *script) unplug(a words) error {
	force := fmt.Sprint(slices.Contains(a.all, "force"))
	for _, id := range s.w.of(a.word(0)).ids {
		i := second(s.c.leader().node().Stale(), id)
		if i == nil {
			return fmt.Errorf("%s has no second interface", id)
		}
		if _, err := s.insist("InvalidAttachmentID.NotFound", "DetachNetworkInterface", "AttachmentId", i.AttachmentID, "Force", force); err != nil {
			return err
		}
	}
	return a.err
}

// attachment: attachment web attached within 1m; none is none.
func (s *script) attachment(a words) error {
	limit, want := a.within(), a.word(1)
	if a.err != nil {
		return a.err
	}
	for end := time.Now().Add(limit); ; time.Sleep(100 * time.Millisecond) {
		var got []string
		for _, id := range s.w.of(a.word(0)).ids {
			state := "none"
			if i := second(s.c.leader().node().Stale(), id); i != nil {
				state = i.AttachmentState()
			}
			got = append(got, state)
		}
		if !slices.ContainsFunc(got, func(state string) bool { return state != want }) {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("not within %v: they are %s", limit, strings.Join(got, ", "))
		}
	}
}
