package imds

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/micacloud/mica/proto/agentpb"
)

// versions are the trees that the service has, as EC2's. They all have the same
// content; "latest" is last.
var versions = []string{
	"1.0", "2007-01-19", "2007-03-01", "2007-08-29", "2007-10-10", "2007-12-15", "2008-02-01", "2008-09-01",
	"2009-04-04", "2011-01-01", "2011-05-01", "2012-01-12", "2014-02-25", "2014-11-05", "2015-10-20", "2016-04-19",
	"2016-06-30", "2016-09-02", "2018-03-28", "2018-08-17", "2018-09-24", "2019-10-01", "2020-10-27", "2021-01-03",
	"2021-03-23", "latest",
}

var versionList = []byte(strings.Join(versions, "\n"))

// tree is all that one boot may read: a body for each path below a version. Listings
// are made from the leaves, so that no listed name can be missing: cloud-init drops
// all metadata when one is.
type tree struct {
	boot     *agentpb.Boot
	bodies   map[string][]byte
	lazy     map[string]func() ([]byte, error) // bodies that take work
	modified []string
}

// newTree builds what the boot may read. Signatures are made when first asked for.
func newTree(boot *agentpb.Boot, id *identity) *tree {
	m := boot.GetMetadata()
	at := time.Unix(0, m.GetPendingUnixNano())
	t := &tree{
		boot: boot, bodies: map[string][]byte{}, lazy: map[string]func() ([]byte, error){},
		modified: []string{at.UTC().Format(http.TimeFormat)},
	}
	t.instance(m)
	t.network(m)
	t.fixed(m)
	t.tags(m)
	t.dynamic(id)
	t.list()
	t.aliases(m)
	return t
}

// read returns the body and content type of a clean path; no type means that there is
// no such path.
func (t *tree) read(path string) (body []byte, kind []string, err error) {
	if path == "" {
		return versionList, plainText, nil
	}
	version, rest, _ := strings.Cut(path, "/")
	if !isVersion(version) {
		return nil, nil, nil
	}
	if rest == "user-data" {
		if u := t.boot.GetMetadata().GetUserData(); len(u) > 0 {
			return u, octets, nil
		}
		return nil, nil, nil
	}
	if f := t.lazy[rest]; f != nil {
		body, err = f()
		return body, plainText, err
	}
	if body, ok := t.bodies[rest]; ok {
		return body, plainText, nil
	}
	return nil, nil, nil
}

// set adds a leaf below meta-data; an empty value adds none, since its absence is
// what EC2 shows then.
func (t *tree) set(path, value string) {
	if value != "" {
		t.bodies["meta-data/"+path] = []byte(value)
	}
}

// instance adds what is said of the instance as a whole.
func (t *tree) instance(m *agentpb.Metadata) {
	t.set("ami-id", m.GetAmiId())
	t.set("ami-launch-index", strconv.Itoa(int(m.GetLaunchIndex())))
	t.set("ami-manifest-path", "(unknown)")
	t.set("ancestor-ami-ids", m.GetImageAncestor())
	root := cmp.Or(m.GetRootDevice(), t.boot.GetRootDevice(), "/dev/xvda")
	t.set("block-device-mapping/ami", root)
	t.set("block-device-mapping/root", root)
	t.set("hostname", m.GetHostname())
	t.set("instance-id", t.boot.GetInstanceId())
	t.set("instance-type", m.GetInstanceType())
	t.set("local-hostname", m.GetHostname())
	t.set("placement/availability-zone", m.GetZone())
	t.set("placement/availability-zone-id", m.GetZoneId())
	t.set("placement/region", m.GetRegion())
	if m.GetPublicKey() != "" {
		t.set("public-keys/0/openssh-key", strings.TrimRight(m.GetPublicKey(), "\n")+"\n")
	}
	t.set("reservation-id", m.GetReservationId())
	t.set("security-groups", strings.Join(m.GetSecurityGroups(), "\n"))
	t.set("services/domain", m.GetDomain())
	t.set("services/partition", m.GetPartition())
}

// network adds the interfaces. The first is the primary one.
func (t *tree) network(m *agentpb.Metadata) {
	for i, n := range m.GetInterfaces() {
		mac := strings.ToLower(n.GetMac()) // cloud-init compares with the NIC's own
		hostname, public := n.GetHostname(), n.GetPublicHostname()
		if i == 0 {
			hostname, public = cmp.Or(m.GetHostname(), hostname), cmp.Or(m.GetPublicHostname(), public)
			t.set("local-ipv4", n.GetPrivateIp())
			t.set("mac", mac)
			t.set("public-ipv4", n.GetPublicIp())
			if n.GetPublicIp() != "" {
				t.set("public-hostname", public)
			}
		}
		at := "network/interfaces/macs/" + mac + "/"
		t.set(at+"device-number", strconv.Itoa(int(n.GetDeviceIndex())))
		t.set(at+"interface-id", n.GetId())
		t.set(at+"local-hostname", hostname)
		t.set(at+"mac", mac)
		t.set(at+"owner-id", cmp.Or(n.GetOwner(), m.GetAccount()))
		t.set(at+"security-group-ids", strings.Join(n.GetGroupIds(), "\n"))
		t.set(at+"security-groups", strings.Join(n.GetGroupNames(), "\n"))
		t.set(at+"subnet-id", n.GetSubnetId())
		t.set(at+"subnet-ipv4-cidr-block", n.GetSubnetCidr())
		t.set(at+"vpc-id", n.GetVpcId())
		if c := n.GetVpcCidrs(); len(c) > 0 {
			t.set(at+"vpc-ipv4-cidr-block", c[0])
			t.set(at+"vpc-ipv4-cidr-blocks", strings.Join(c, "\n"))
		}
		if n.GetPublicIp() != "" {
			t.set(at+"public-hostname", public)
		}
		t.addresses(at, n)
	}
}

// addresses adds an interface's addresses, the primary one first. cloud-init puts the
// others on the interface by itself: DHCP hands out the first alone.
func (t *tree) addresses(at string, n *agentpb.InterfaceMeta) {
	all := append([]*agentpb.AddressMeta{{PrivateIp: n.GetPrivateIp(), PublicIp: n.GetPublicIp()}}, n.GetSecondary()...)
	var privates, publics []string
	of := map[string][]string{}
	for _, a := range all {
		privates = append(privates, a.GetPrivateIp())
		if p := a.GetPublicIp(); p != "" {
			publics = append(publics, p)
			of[p] = append(of[p], a.GetPrivateIp())
		}
	}
	t.set(at+"local-ipv4s", strings.Join(privates, "\n"))
	t.set(at+"public-ipv4s", strings.Join(publics, "\n"))
	for p, ips := range of {
		t.set(at+"ipv4-associations/"+p, strings.Join(ips, "\n"))
	}
}

// fixed adds what is the same for every instance here.
func (t *tree) fixed(*agentpb.Metadata) {
	t.set("events/maintenance/history", "[]")
	t.set("events/maintenance/scheduled", "[]")
	t.set("instance-action", "none")
	t.set("instance-life-cycle", "on-demand")
	t.set("metrics/vhostmd", `<?xml version="1.0" encoding="UTF-8"?>`)
	t.set("profile", "default-hvm")
	t.set("system", "nitro")
}

// tagChars are what a tag's key may be made of to be in the metadata.
const tagChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-=.,_:@"

// tags adds the instance's tags when it may read them. Keys that EC2 refuses on an
// instance whose tags are in its metadata are left out.
func (t *tree) tags(m *agentpb.Metadata) {
	if m.GetInstanceTags() != "enabled" {
		return
	}
	for k, v := range m.GetTags() {
		if strings.Trim(k, tagChars) == "" && !slices.Contains([]string{"", ".", "..", "_index"}, k) {
			t.bodies["meta-data/tags/instance/"+k] = []byte(v)
		}
	}
}

// aliases adds paths that no listing has, but that cloud-init makes of listed names: it
// takes "N=name" for key N anywhere in the tree, tags included, and a key whose name
// ends in a slash for a directory.
func (t *tree) aliases(m *agentpb.Metadata) {
	for k, v := range m.GetTags() {
		head, _, ok := strings.Cut(k, "=")
		n, err := strconv.Atoi(strings.ReplaceAll(head, "_", "")) // Python reads 1_0 as 10
		if _, listed := t.bodies["meta-data/tags/instance/"+k]; ok && err == nil && listed {
			t.bodies["meta-data/tags/instance/"+strconv.Itoa(n)+"/openssh-key"] = []byte(v)
		}
	}
	if key, ok := t.bodies["meta-data/public-keys/0/openssh-key"]; ok {
		at := cleanPath("meta-data/public-keys/" + keyLine(m))
		t.bodies[at] = []byte("openssh-key")
		t.bodies[at+"/openssh-key"] = key
	}
}

// keyLine is the key's line in its listing. Control characters would make it several.
func keyLine(m *agentpb.Metadata) string {
	return "0=" + strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '_'
		}
		return r
	}, m.GetKeyName())
}

// dynamic adds the identity document and its signatures.
func (t *tree) dynamic(id *identity) {
	const at = "dynamic/instance-identity/"
	doc := document(t.boot)
	t.bodies[at+"document"] = doc
	region := t.boot.GetMetadata().GetRegion()
	sign := func(name string, f func(*signer, []byte) ([]byte, error)) {
		t.lazy[at+name] = sync.OnceValues(func() ([]byte, error) {
			sg, err := id.signer(region)
			if err != nil {
				return nil, err
			}
			return f(sg, doc)
		})
	}
	sign("signature", (*signer).signature)
	sign("pkcs7", (*signer).pkcs7)
	sign("rsa2048", (*signer).pkcs7)
}

// list adds a listing for each directory, a name a line; directories end in a slash,
// except below a version, as EC2 has it.
func (t *tree) list() {
	names := map[string]map[string]bool{}
	add := func(dir, name string) {
		if names[dir] == nil {
			names[dir] = map[string]bool{}
		}
		names[dir][name] = true
	}
	leaf := func(path string) {
		for slash := ""; path != ""; slash = "/" {
			dir, name := "", path
			if i := strings.LastIndexByte(path, '/'); i >= 0 {
				dir, name = path[:i], path[i+1:]
			} else {
				slash = ""
			}
			add(dir, name+slash)
			path = dir
		}
	}
	for p := range t.bodies {
		leaf(p)
	}
	for p := range t.lazy {
		leaf(p)
	}
	m := t.boot.GetMetadata()
	if len(m.GetUserData()) > 0 {
		add("", "user-data")
	}
	for dir, set := range names {
		sorted := make([]string, 0, len(set))
		for n := range set {
			sorted = append(sorted, n)
		}
		slices.Sort(sorted)
		t.bodies[dir] = []byte(strings.Join(sorted, "\n"))
	}
	if m.GetPublicKey() != "" {
		t.bodies["meta-data/public-keys"] = []byte(keyLine(m))
	}
}
