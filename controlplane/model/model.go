// Package model has the rows of the replicated state, their validation, and the
// functions that derive what users see from them. It imports the standard library
// only, so that everything may import it.
//
// Every field has one writer. Unless a comment says otherwise that is the API
// action that made the row or changes it on the user's word. Rows are never changed
// in place: copy, change, put.
package model

import (
	"maps"
	"net/netip"
	"time"
)

// Owned is what every row of a user carries from the start.
type Owned struct {
	Account string // 12 digits
	Region  string
}

// OwnedBy reports whether a row is an account's, in a region.
func (o Owned) OwnedBy(account, region string) bool {
	return o.Account == account && o.Region == region
}

// Tags are a resource's own, by key.
type Tags map[string]string

// Clone returns a copy that may be changed.
func (t Tags) Clone() Tags {
	if t == nil {
		return Tags{}
	}
	return maps.Clone(t)
}

// Reason explains a state: EC2's StateReason.
type Reason struct {
	Code    string // such as Server.InternalError or Client.UserInitiatedShutdown
	Message string
}

// Account is a tenant.
type Account struct {
	ID      string // 12 digits
	Name    string
	Created time.Time
}

// AccessKey lets its holder sign requests for an account.
type AccessKey struct {
	ID      string // the access key id
	Secret  string
	Account string
	User    string // "root", or a user's name
	Created time.Time
}

// Host is a hypervisor host as it registered.
type Host struct {
	ID         string
	Region     string
	Zone       string
	Name       string
	Arch       string // x86_64
	VCPUs      int
	MemoryMiB  int
	Hypervisor string     // libvirt or sim
	Accel      string     // kvm, tcg or sim
	Underlay   netip.Addr // its address among the hosts, for tunnels between them
	Storage    string     // of its volumes; hosts with the same name share it. Empty: its own
	Migration  string     // where its agent takes guests from other hosts; empty: it does not
	Registered time.Time
	// Up is written by dispatch: only changes between up and down are logged.
	Up        bool
	UpChanged time.Time

	// What follows is written by the operator's commands.
	Rack          string // which hosts fail together; empty is not known
	VCPURatio     int    // vCPUs given out for each processor; 0 is the cluster's setting
	MemoryPercent int    // of the memory given out; 0 is the cluster's setting
	Cordoned      bool   // takes no new boots
	Draining      bool   // and lets go of those that it has
}

// Reservation groups the instances of one RunInstances.
type Reservation struct {
	ID string
	Owned
	Created time.Time
}

// KeyPair is a public key. Private keys are never stored.
type KeyPair struct {
	ID string
	Owned
	Name        string
	Type        string // rsa or ed25519
	Fingerprint string
	PublicKey   string // OpenSSH authorized_keys form
	Created     time.Time
	Tags        Tags
}

// Image is a machine image: an AMI.
type Image struct {
	ID string
	Owned
	Name         string
	Description  string
	Digest       string // sha256 of the qcow2, in hex: its name in the image store
	SizeBytes    int64  // of the file
	VirtualBytes int64
	Arch         string
	RootDevice   string // /dev/xvda
	SnapshotID   string // stands for the root volume's content
	BootMode     string // legacy-bios or uefi
	ENASupport   bool
	IMDSSupport  string // "v2.0" or empty
	Public       bool
	LaunchUsers  []string // accounts with launch permission, sorted
	State        string   // available, deregistered
	Created      time.Time
	Deregistered time.Time
	Tags         Tags
}

// VolumeState says where a volume is in its life.
type VolumeState string

// The states of a volume, which only move forward.
const (
	VolumeCreating  VolumeState = "creating"
	VolumeInUse     VolumeState = "in-use"
	VolumeAvailable VolumeState = "available" // kept when its instance was terminated
	VolumeDeleting  VolumeState = "deleting"  // the host is to remove its file; the row goes when it has
)

// Volume is an EBS volume; so far always an instance's root.
type Volume struct {
	ID string
	Owned
	Zone                string
	Host                string // where its file is
	SizeGiB             int
	Type                string // gp3, ...
	ImageDigest         string
	SnapshotID          string
	Instance            string
	Device              string
	DeleteOnTermination bool
	Attached            time.Time
	Created             time.Time
	Tags                Tags
	// State is written by the lifecycle package.
	State VolumeState
}

// ClientToken remembers what a token was first used for, so that asking again gives
// the first answer.
type ClientToken struct {
	ID         string // account/region/action/token
	Parameters string // a digest of the request's parameters
	Resource   string // the id of what was made, such as a reservation's
	Response   []byte // the encoded answer
	At         time.Time
}
