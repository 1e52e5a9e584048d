// Package operator answers the mica command's questions over the local admin socket:
// what the AWS CLI has no word for. Its callers are root on the server's own machine.
package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/proto/agentpb"
)

// Hosts is what operator asks of the hosts.
type Hosts interface {
	Explain(ctx context.Context, host, instance string) ([]byte, error)
	Probe(ctx context.Context, host string, p *agentpb.Probe) (*agentpb.ProbeResult, error)
	BeginWatch(ctx context.Context, host string, w *agentpb.Watch) error
	EndWatch(ctx context.Context, host string, w *agentpb.EndWatch) (*agentpb.WatchResult, error)
	OpenConsole(ctx context.Context, host, instance string) (io.ReadWriteCloser, error)
}

// Access is how clients reach the API: what `mica aws-config` writes into a profile.
type Access struct {
	Region    string `json:"region"`
	Endpoint  string `json:"endpoint"`
	CABundle  string `json:"ca_bundle,omitempty"`
	AccessKey string `json:"access_key"`
	SecretKey string `json:"secret_key"`
	Account   string `json:"account"`
}

// API answers the admin socket. All fields are set before Register.
type API struct {
	DB     store.DB
	Hosts  Hosts
	Access Access
	// Import checks a file and puts it into this machine's image store, unless it has a
	// digest: then another server did.
	Import func(ctx context.Context, in Image) (Image, error)
	// RegisterImage makes an image's row and returns its id.
	RegisterImage func(tx *store.Tx, in Image) (string, error)
	// EnsureAccount makes what an account has from the start.
	EnsureAccount func(tx *store.Tx, account string) error
	// ReadLog calls fn for the audit log's records, oldest first, until it errs.
	ReadLog func(ctx context.Context, fn func(record any) error) error
	// ShutOut revokes what a removed host could prove itself by; nil if there is nothing.
	ShutOut func(tx *store.Tx, host string) error
	// Placement is the operator's policy for the hosts.
	Placement schedule.Policy
	// Status describes the server, for people.
	Status func() any
	Log    *slog.Logger
}

// Image is a file to import, what it is to be called, and what the image store makes of
// it.
type Image struct {
	Path         string `json:"path,omitempty"`   // on this host
	Format       string `json:"format,omitempty"` // qcow2 or raw
	SHA256       string `json:"sha256,omitempty"` // of the file, if the caller knows it
	Name         string `json:"name"`
	Description  string `json:"description,omitempty"`
	Region       string `json:"region,omitempty"`
	Arch         string `json:"arch"`
	Digest       string `json:"digest,omitempty"`
	SizeBytes    int64  `json:"size_bytes,omitempty"`
	VirtualBytes int64  `json:"virtual_bytes,omitempty"`
	Public       bool   `json:"public"`
}

// Register adds the handlers. handle is the admin socket's.
func (a *API) Register(handle func(pattern string, h http.HandlerFunc)) {
	handle("GET /v1/access", answer(func(*http.Request) (any, error) { return a.Access, nil }))
	handle("GET /v1/status", answer(func(*http.Request) (any, error) { return a.Status(), nil }))
	handle("GET /v1/accounts", answer(a.accounts))
	handle("POST /v1/accounts", answer(a.addAccount))
	a.registerHosts(handle)
	handle("GET /v1/images", answer(a.images))
	handle("POST /v1/images", answer(a.addImage))
	handle("GET /v1/instances", answer(a.instances))
	handle("GET /v1/instances/{id}", answer(a.explain))
	handle("GET /v1/instances/{id}/console", a.console)
	handle("GET /v1/instances/{id}/boots", answer(a.boots))
	handle("POST /v1/instances/{id}/migrate", answer(a.migrate))
	handle("GET /v1/path", answer(a.path))
	handle("POST /v1/path", answer(a.live))
	handle("GET /v1/log", a.log)
}

// answer makes a handler of a function whose result is sent as JSON.
func answer(fn func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := fn(r)
		if err != nil {
			refuse(w, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v) // a caller who left hears nothing
	}
}

func refuse(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if e, ok := errors.AsType[*apierr.Error](err); ok {
		status = e.Status
	}
	http.Error(w, err.Error(), status)
}

func (a *API) read(r *http.Request) (store.View, error) { return a.DB.Read(r.Context()) }

func (a *API) images(r *http.Request) (any, error) {
	v, err := a.read(r)
	if err != nil {
		return nil, err
	}
	out := []*model.Image{}
	for i := range store.Images.List(v) {
		out = append(out, i)
	}
	return out, nil
}

// Received reads an image's description from a request.
func (a *API) Received(r *http.Request) (in Image, err error) {
	d := json.NewDecoder(io.LimitReader(r.Body, 1<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return in, apierr.New("InvalidParameterValue", "the image's description: %v", err)
	}
	return in, nil
}

func (a *API) addImage(r *http.Request) (any, error) {
	in, err := a.Received(r)
	if err == nil {
		in, err = a.Import(r.Context(), in)
	}
	if err != nil {
		return nil, err
	}
	var id string
	err = a.DB.Update(r.Context(), store.Meta{Action: "RegisterImage", Actor: "operator"}, func(tx *store.Tx) (err error) {
		id, err = a.RegisterImage(tx, in)
		return err
	})
	return map[string]any{"image_id": id, "image": in}, err
}

// InstanceView is an instance as the tools need it.
type InstanceView struct {
	ID, Name, State  string
	Account, Region  string
	VPC, Host        string
	PrivateIP        string
	PublicIP         string
	KeyName, ImageID string
	Namespace        string
}

func (a *API) view(r store.Reader, i *model.Instance) InstanceView {
	out := InstanceView{ID: i.ID, Name: i.Tags["Name"], State: lifecycle.State(r, i).Name, Account: i.Account, Region: i.Region, VPC: i.VPCID, KeyName: i.KeyName, ImageID: i.ImageID}
	if b := lifecycle.Boot(r, i); b != nil {
		out.Host = b.Host
	}
	if len(i.Interfaces) > 0 {
		if n := store.Interfaces.Get(r, i.Interfaces[0]); n != nil {
			out.PrivateIP = n.PrivateIP.String()
			if n.PublicIP.IsValid() {
				out.PublicIP = n.PublicIP.String()
			}
		}
	}
	return out
}

func (a *API) instances(r *http.Request) (any, error) {
	v, err := a.read(r)
	if err != nil {
		return nil, err
	}
	out := []InstanceView{}
	for i := range store.Instances.List(v) {
		out = append(out, a.view(v, i))
	}
	return out, nil
}

// find returns the instance of an id, or the one live instance of that Name tag.
func find(r store.Reader, name string) (*model.Instance, error) {
	if i := store.Instances.Get(r, name); i != nil {
		return i, nil
	}
	var found []*model.Instance
	for i := range store.Instances.List(r) {
		if i.Tags["Name"] == name && i.Effective() != model.WantTerminated {
			found = append(found, i)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, apierr.WithStatus(http.StatusNotFound, "InvalidInstanceID.NotFound", "no instance has the id or the Name %q", name)
	}
	var ids []string
	for _, i := range found {
		ids = append(ids, i.ID)
	}
	slices.Sort(ids)
	return nil, apierr.New("InvalidParameterValue", "%d instances are named %q: choose by id: %s", len(found), name, strings.Join(ids, ", "))
}

// Explanation is all that is known of an instance, from the API's record to the host's
// objects.
type Explanation struct {
	Instance   InstanceView
	Record     *model.Instance
	Reason     model.Reason
	Boots      []*model.Boot // oldest first, each with its timeline
	Interfaces []*model.Interface
	Groups     []GroupView
	Volume     *model.Volume
	Host       *model.Host
	OnHost     json.RawMessage `json:",omitempty"` // what the host's agent says
	OnHostErr  string          `json:",omitempty"`
}

// GroupView is a security group with its rules.
type GroupView struct {
	model.SecurityGroup
	Rules []*model.SecurityRule
}

func (a *API) explain(r *http.Request) (any, error) {
	v, err := a.read(r)
	if err != nil {
		return nil, err
	}
	i, err := find(v, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	out := Explanation{Instance: a.view(v, i), Reason: model.StateReasonOf(i), Volume: store.Volumes.Get(v, i.RootVolume)}
	record := *i
	record.UserData = nil // may hold secrets, and is not needed to understand
	out.Record = &record
	out.Boots = bootsOf(v, i.ID)
	for _, id := range i.Interfaces {
		n := store.Interfaces.Get(v, id)
		if n == nil {
			continue
		}
		out.Interfaces = append(out.Interfaces, n)
		for _, g := range n.Groups {
			if row := store.SecurityGroups.Get(v, g); row != nil {
				view := GroupView{SecurityGroup: *row}
				for rule := range store.SecurityRules.By(v, "group", g) {
					view.Rules = append(view.Rules, rule)
				}
				out.Groups = append(out.Groups, view)
			}
		}
	}
	if out.Instance.Host != "" {
		out.Host = store.Hosts.Get(v, out.Instance.Host)
		ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
		defer cancel()
		if b, err := a.Hosts.Explain(ctx, out.Instance.Host, i.ID); err != nil {
			out.OnHostErr = err.Error()
		} else {
			out.OnHost = b
		}
	}
	return out, nil
}

// console joins the caller's connection to the guest's serial port.
func (a *API) console(w http.ResponseWriter, r *http.Request) {
	v, err := a.read(r)
	if err != nil {
		refuse(w, err)
		return
	}
	i, err := find(v, r.PathValue("id"))
	if err != nil {
		refuse(w, err)
		return
	}
	b := lifecycle.Boot(v, i)
	if b == nil || b.Phase != model.PhaseRunning {
		refuse(w, apierr.New("IncorrectInstanceState", "instance %s is %s: only a running one has a console", i.ID, lifecycle.State(v, i).Name))
		return
	}
	tunnel, err := a.Hosts.OpenConsole(r.Context(), b.Host, i.ID)
	if err != nil {
		refuse(w, fmt.Errorf("the console of %s: %w", i.ID, err))
		return
	}
	defer tunnel.Close()
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		refuse(w, err)
		return
	}
	defer conn.Close()
	_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: mica-console\r\nConnection: Upgrade\r\n\r\n")
	if rw.Flush() != nil {
		return
	}
	go func() {
		_, _ = io.Copy(conn, tunnel)
		conn.Close()
	}()
	_, _ = io.Copy(tunnel, rw)
}

// log streams the audit log, a JSON record a line.
func (a *API) log(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	enc := json.NewEncoder(w)
	if err := a.ReadLog(r.Context(), func(record any) error { return enc.Encode(record) }); err != nil {
		a.Log.Warn("reading the log for an operator ended early", "err", err)
	}
}
