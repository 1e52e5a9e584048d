package imds

import (
	"net/http"
	"slices"
	"strings"

	"github.com/micacloud/mica/proto/agentpb"
)

// A case is one request of guest A and EC2's answer to it.
type imdsCase struct {
	name   string
	mode   func(*agentpb.Metadata) // of guest A
	method string
	path   string
	token  string // one of the tok... below; none if empty
	header []string
	status int
	body   string // if not empty, exactly this
	hops   int    // if not 0, the TTL that the answer must have
}

// Tokens that a case may carry.
const (
	tokOwn       = "own"       // guest A's, valid
	tokOther     = "other"     // guest B's, valid there
	tokExpired   = "expired"   // guest A's, too old
	tokGarbage   = "garbage"   // no token at all
	tokTampered  = "tampered"  // guest A's with its life made longer
	tokTruncated = "truncated" // guest A's without its end
	tokBlank     = "blank"     // the header with nothing in it
	tokTwice     = "twice"     // the header two times, both guest A's
	tokOtherKey  = "otherkey"  // guest A's, made with another agent's key
)

// Modes of guest A.
func optional(*agentpb.Metadata)      {}
func required(m *agentpb.Metadata)    { m.HttpTokens = "required" }
func disabled(m *agentpb.Metadata)    { m.HttpEndpoint = "disabled" }
func disabledReq(m *agentpb.Metadata) { required(m); disabled(m) }
func noTags(m *agentpb.Metadata)      { m.InstanceTags = "disabled" }
func bare(m *agentpb.Metadata) {
	m.UserData, m.PublicKey, m.KeyName, m.Tags, m.PublicHostname = nil, "", "", nil, ""
	m.Interfaces[0].PublicIp = ""
}
func unset(m *agentpb.Metadata) {
	m.HttpTokens, m.HttpEndpoint, m.InstanceTags, m.HopLimit = "", "", "", 0
}

func hops(n int32) func(*agentpb.Metadata) { return func(m *agentpb.Metadata) { m.HopLimit = n } }
func hopsRequired(n int32) func(*agentpb.Metadata) {
	return func(m *agentpb.Metadata) { m.HopLimit = n; required(m) }
}

const (
	tokenPath = "/latest/api/token"
	idPath    = "/latest/meta-data/instance-id"
	macPath   = "/latest/meta-data/network/interfaces/macs/02:ab:cd:00:00:05/"
	testID    = "i-0123456789abcdef0"
)

func ttlHeader(v string) []string { return []string{"X-aws-ec2-metadata-token-ttl-seconds: " + v} }

var forwarded = "X-Forwarded-For: 203.0.113.1"

var cases = slices.Concat(tokenCases, readCases, treeCases(), listingCases)

var tokenCases = []imdsCase{
	{"token", optional, "PUT", tokenPath, "", ttlHeader("21600"), 200, "", 1},
	{"token, shortest life", optional, "PUT", tokenPath, "", ttlHeader("1"), 200, "", 1},
	{"token, life in other case", optional, "PUT", tokenPath, "", []string{"x-AWS-ec2-METADATA-token-ttl-SECONDS: 60"}, 200, "", 1},
	{"token, slash at the end", optional, "PUT", tokenPath + "/", "", ttlHeader("60"), 200, "", 1},
	{"token where required", required, "PUT", tokenPath, "", ttlHeader("21600"), 200, "", 1},
	{"token with a token", required, "PUT", tokenPath, tokOwn, ttlHeader("60"), 200, "", 1},
	{"token with a bad token", required, "PUT", tokenPath, tokGarbage, ttlHeader("60"), 200, "", 1},
	{"token, options unset", unset, "PUT", tokenPath, "", ttlHeader("60"), 200, "", 1},
	{"token, no life", optional, "PUT", tokenPath, "", nil, 400, "", 0},
	{"token, life 0", optional, "PUT", tokenPath, "", ttlHeader("0"), 400, "", 0},
	{"token, life too long", optional, "PUT", tokenPath, "", ttlHeader("21601"), 400, "", 0},
	{"token, negative life", optional, "PUT", tokenPath, "", ttlHeader("-1"), 400, "", 0},
	{"token, signed life", optional, "PUT", tokenPath, "", ttlHeader("+60"), 400, "", 0},
	{"token, life is a word", optional, "PUT", tokenPath, "", ttlHeader("hour"), 400, "", 0},
	{"token, life is a fraction", optional, "PUT", tokenPath, "", ttlHeader("60.5"), 400, "", 0},
	{"token, life is hexadecimal", optional, "PUT", tokenPath, "", ttlHeader("0x3c"), 400, "", 0},
	{"token, life overflows", optional, "PUT", tokenPath, "", ttlHeader("99999999999999999999"), 400, "", 0},
	{"token, life is blank", optional, "PUT", tokenPath, "", ttlHeader(""), 400, "", 0},
	{"token, two lives", optional, "PUT", tokenPath, "", append(ttlHeader("60"), ttlHeader("120")...), 400, "", 0},
	{"token, no life, required", required, "PUT", tokenPath, "", nil, 400, "", 0},
	{"token, old version", optional, "PUT", "/2021-03-23/api/token", "", ttlHeader("60"), 403, "", 0},
	{"token, oldest version", optional, "PUT", "/1.0/api/token", "", ttlHeader("60"), 403, "", 0},
	{"token, old version, no life", optional, "PUT", "/2009-04-04/api/token", "", nil, 403, "", 0},
	{"token, old version, required", required, "PUT", "/2021-03-23/api/token", "", ttlHeader("60"), 403, "", 0},
	{"token, unknown version", optional, "PUT", "/2031-01-01/api/token", "", ttlHeader("60"), 405, "", 0},
	{"token, forwarded", optional, "PUT", tokenPath, "", append(ttlHeader("60"), forwarded), 403, "", 0},
	{"token, forwarded, required", required, "PUT", tokenPath, "", append(ttlHeader("60"), forwarded), 403, "", 0},
	{"token, forwarded in other case", optional, "PUT", tokenPath, "", append(ttlHeader("60"), "x-forwarded-FOR: a"), 403, "", 0},
	{"token, forwarded for nobody", optional, "PUT", tokenPath, "", append(ttlHeader("60"), "X-Forwarded-For:"), 403, "", 0},
	{"token, forwarded without life", optional, "PUT", tokenPath, "", []string{forwarded}, 403, "", 0},
	{"token, forwarded, old version", optional, "PUT", "/2021-03-23/api/token", "", append(ttlHeader("60"), forwarded), 403, "", 0},
	{"token, disabled", disabled, "PUT", tokenPath, "", ttlHeader("60"), 403, "", 0},
	{"token, disabled, bad life", disabled, "PUT", tokenPath, "", ttlHeader("0"), 403, "", 0},
	{"token, disabled and required", disabledReq, "PUT", tokenPath, "", ttlHeader("60"), 403, "", 0},
	{"token, two hops", hops(2), "PUT", tokenPath, "", ttlHeader("60"), 200, "", 2},
	{"token, most hops", hops(64), "PUT", tokenPath, "", ttlHeader("60"), 200, "", 64},
	{"token, too many hops", hops(65), "PUT", tokenPath, "", ttlHeader("60"), 200, "", 64},
	{"token, two hops, required", hopsRequired(2), "PUT", tokenPath, "", ttlHeader("60"), 200, "", 2},
	{"token refused keeps to its hops", hops(3), "PUT", tokenPath, "", nil, 400, "", 3},
	{"put elsewhere", optional, "PUT", idPath, "", ttlHeader("60"), 405, "", 0},
	{"put at the root", optional, "PUT", "/", "", ttlHeader("60"), 405, "", 0},
	{"put user data", optional, "PUT", "/latest/user-data", "", nil, 405, "", 0},
	{"get a token", optional, "GET", tokenPath, "", ttlHeader("60"), 405, "", 0},
	{"get a token, required", required, "GET", tokenPath, "", ttlHeader("60"), 405, "", 0},
	{"head a token", optional, "HEAD", tokenPath, "", ttlHeader("60"), 405, "", 0},
	{"post a token", optional, "POST", tokenPath, "", ttlHeader("60"), 405, "", 0},
	{"delete a token", optional, "DELETE", tokenPath, tokOwn, nil, 405, "", 0},
}

var readCases = []imdsCase{
	{"v1", optional, "GET", idPath, "", nil, 200, testID, 0},
	{"v1, head", optional, "HEAD", idPath, "", nil, 200, "", 0},
	{"v1, options unset", unset, "GET", idPath, "", nil, 200, testID, 0},
	{"v1, forwarded", optional, "GET", idPath, "", []string{forwarded}, 200, testID, 0},
	{"v1, any hops", hops(2), "GET", idPath, "", nil, 200, testID, 64},
	{"v1 at one hop is not limited", hops(1), "GET", idPath, "", nil, 200, testID, 64},
	{"v1, ttl header", optional, "GET", idPath, "", ttlHeader("60"), 200, testID, 0},
	{"v2", optional, "GET", idPath, tokOwn, nil, 200, testID, 0},
	{"v2, forwarded", optional, "GET", idPath, tokOwn, []string{forwarded}, 200, testID, 0},
	{"v2, head", optional, "HEAD", idPath, tokOwn, nil, 200, "", 0},
	{"v2, required", required, "GET", idPath, tokOwn, nil, 200, testID, 0},
	{"v2, required, head", required, "HEAD", idPath, tokOwn, nil, 200, "", 0},
	{"v2, required, forwarded", required, "GET", idPath, tokOwn, []string{forwarded}, 200, testID, 0},
	{"no token, required", required, "GET", idPath, "", nil, 401, "", 0},
	{"no token, required, head", required, "HEAD", idPath, "", nil, 401, "", 0},
	{"no token, required, root", required, "GET", "/", "", nil, 401, "", 0},
	{"no token, required, versions", required, "GET", "/latest/", "", nil, 401, "", 0},
	{"no token, required, user data", required, "GET", "/latest/user-data", "", nil, 401, "", 0},
	{"no token, required, identity", required, "GET", "/latest/dynamic/instance-identity/document", "", nil, 401, "", 0},
	{"no token, required, unknown", required, "GET", "/latest/meta-data/nothing", "", nil, 401, "", 0},
	{"no token, required, old version", required, "GET", "/2009-04-04/meta-data/instance-id", "", nil, 401, "", 0},
	{"another guest's token", optional, "GET", idPath, tokOther, nil, 401, "", 0},
	{"another guest's token, required", required, "GET", idPath, tokOther, nil, 401, "", 0},
	{"another guest's token, user data", required, "GET", "/latest/user-data", tokOther, nil, 401, "", 0},
	{"another guest's token, unknown leaf", optional, "GET", "/latest/meta-data/nothing", tokOther, nil, 401, "", 0},
	{"expired token", optional, "GET", idPath, tokExpired, nil, 401, "", 0},
	{"expired token, required", required, "GET", idPath, tokExpired, nil, 401, "", 0},
	{"expired token, head", required, "HEAD", idPath, tokExpired, nil, 401, "", 0},
	{"garbage token", optional, "GET", idPath, tokGarbage, nil, 401, "", 0},
	{"garbage token, required", required, "GET", idPath, tokGarbage, nil, 401, "", 0},
	{"tampered token", optional, "GET", idPath, tokTampered, nil, 401, "", 0},
	{"truncated token", optional, "GET", idPath, tokTruncated, nil, 401, "", 0},
	{"blank token", optional, "GET", idPath, tokBlank, nil, 401, "", 0},
	{"blank token, required", required, "GET", idPath, tokBlank, nil, 401, "", 0},
	{"two tokens", optional, "GET", idPath, tokTwice, nil, 401, "", 0},
	{"another agent's token", required, "GET", idPath, tokOtherKey, nil, 401, "", 0},
	{"bad token, root", optional, "GET", "/", tokGarbage, nil, 401, "", 0},
	{"disabled", disabled, "GET", idPath, "", nil, 403, "", 0},
	{"disabled, token", disabled, "GET", idPath, tokOwn, nil, 403, "", 0},
	{"disabled, bad token", disabled, "GET", idPath, tokGarbage, nil, 403, "", 0},
	{"disabled, head", disabled, "HEAD", idPath, "", nil, 403, "", 0},
	{"disabled, root", disabled, "GET", "/", "", nil, 403, "", 0},
	{"disabled, unknown", disabled, "GET", "/latest/meta-data/nothing", "", nil, 403, "", 0},
	{"disabled and required", disabledReq, "GET", idPath, "", nil, 403, "", 0},
	{"disabled, post", disabled, "POST", idPath, "", nil, 403, "", 0},
	{"post", optional, "POST", idPath, "", nil, 405, "", 0},
	{"post, required", required, "POST", idPath, "", nil, 405, "", 0},
	{"post, token", required, "POST", idPath, tokOwn, nil, 405, "", 0},
	{"delete", optional, "DELETE", idPath, tokOwn, nil, 405, "", 0},
	{"patch", optional, "PATCH", idPath, "", nil, 405, "", 0},
	{"options", optional, "OPTIONS", "/latest/meta-data/", "", nil, 405, "", 0},
	{"unknown method", optional, "FROBNICATE", idPath, "", nil, 405, "", 0},
}

// treeCases are the leaves: what each must say, and that others are not there.
func treeCases() []imdsCase {
	var out []imdsCase
	is := func(mode func(*agentpb.Metadata), path, body string) {
		out = append(out, imdsCase{"leaf " + path, mode, "GET", path, tokOwn, nil, http.StatusOK, body, 0})
	}
	not := func(mode func(*agentpb.Metadata), path string) {
		out = append(out, imdsCase{"no " + path, mode, "GET", path, tokOwn, nil, http.StatusNotFound, "", 0})
	}
	for leaf, body := range map[string]string{
		"ami-id": "ami-0123456789abcdef0", "ami-launch-index": "0", "ami-manifest-path": "(unknown)",
		"block-device-mapping/ami": "/dev/xvda", "block-device-mapping/root": "/dev/xvda",
		"events/maintenance/scheduled": "[]", "hostname": hostA, "instance-action": "none", "instance-life-cycle": "on-demand",
		"instance-type": "t3.micro", "local-hostname": hostA, "local-ipv4": addrA, "mac": "02:ab:cd:00:00:05",
		"placement/availability-zone": "eu-central-1a", "placement/availability-zone-id": "euc1-az1", "placement/region": "eu-central-1",
		"profile": "default-hvm", "public-hostname": "ec2-100-127-0-9.eu-central-1.compute.amazonaws.com", "public-ipv4": "100.127.0.9",
		"public-keys/0/openssh-key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIexample my-key\n", "reservation-id": "r-0123456789abcdef0",
		"security-groups": "default\nssh", "services/domain": "amazonaws.com", "services/partition": "aws", "system": "nitro",
		"tags/instance/Name": "web", "tags/instance/a+b=c:d,e@f": "odd",
	} {
		is(optional, "/latest/meta-data/"+leaf, body)
	}
	for leaf, body := range map[string]string{
		"device-number": "0", "interface-id": "eni-0123456789abcdef0", "ipv4-associations/100.127.0.9": addrA, "local-hostname": hostA,
		"local-ipv4s": addrA, "mac": "02:ab:cd:00:00:05", "owner-id": "123456789012", "public-ipv4s": "100.127.0.9",
		"security-group-ids": "sg-0123456789abcdef0\nsg-0123456789abcdef1", "security-groups": "default\nssh",
		"subnet-id": "subnet-0123456789abcdef0", "subnet-ipv4-cidr-block": "172.31.0.0/20", "vpc-id": testVPC,
		"vpc-ipv4-cidr-block": "172.31.0.0/16", "vpc-ipv4-cidr-blocks": "172.31.0.0/16\n10.9.0.0/16",
	} {
		is(optional, macPath+leaf, body)
	}
	is(optional, "/latest/user-data", string(userData))
	is(required, "/2009-04-04/user-data", string(userData))
	is(optional, "/latest/user-data/", string(userData))
	is(optional, "/2021-03-23/meta-data/instance-id", testID)
	is(optional, "/1.0/meta-data/instance-id", testID)
	is(optional, "//latest//meta-data/instance-id", testID)
	is(optional, "/latest/meta-data/instance-id/", testID)
	is(optional, "/latest/meta-data/tags/instance/a%2Bb=c:d,e%40f", "odd")
	for _, p := range []string{
		"/latest/meta-data/nothing", "/latest/nothing", "/nothing", "/latest/meta-data/instance-id/x", "/2031-01-01/meta-data/instance-id",
		"/latest/meta-data/iam/", "/latest/meta-data/iam/security-credentials/", "/latest/meta-data/spot/instance-action",
		"/latest/meta-data/public-keys/1/openssh-key", "/latest/meta-data/INSTANCE-ID", "/latest/meta-data/../user-data", "/latest/api",
		"/2021-03-23/api/token", macPath + "ipv6s", "/latest/meta-data/network/interfaces/macs/02:ab:cd:00:00:06/mac",
		"/latest/meta-data/network/interfaces/macs/02:AB:CD:00:00:05/mac", "/latest/meta-data/tags/instance/no/such",
		"/latest/meta-data/tags/instance/nothing", "/latest/dynamic/nothing", "/latest/dynamic/instance-identity/nothing",
	} {
		not(optional, p)
	}
	not(bare, "/latest/user-data")
	not(bare, "/latest/meta-data/public-ipv4")
	not(bare, "/latest/meta-data/public-keys/")
	not(bare, macPath+"ipv4-associations/")
	not(noTags, "/latest/meta-data/tags/instance/Name")
	not(noTags, "/latest/meta-data/tags/")
	return out
}

var listingCases = []imdsCase{
	{"versions", optional, "GET", "/", "", nil, 200, strings.Join(versions, "\n"), 0},
	{"version", optional, "GET", "/latest", "", nil, 200, "dynamic\nmeta-data\nuser-data", 0},
	{"version with slash", optional, "GET", "/latest/", "", nil, 200, "dynamic\nmeta-data\nuser-data", 0},
	{"version without user data", bare, "GET", "/2021-03-23/", "", nil, 200, "dynamic\nmeta-data", 0},
	{"dynamic", optional, "GET", "/latest/dynamic/", "", nil, 200, "instance-identity/", 0},
	{"identity", optional, "GET", "/latest/dynamic/instance-identity/", "", nil, 200, "document\npkcs7\nrsa2048\nsignature", 0},
	{"identity without slash", optional, "GET", "/2021-03-23/dynamic/instance-identity", "", nil, 200, "document\npkcs7\nrsa2048\nsignature", 0},
	{"keys", optional, "GET", "/latest/meta-data/public-keys/", "", nil, 200, "0=my-key", 0},
	{"keys without slash", optional, "GET", "/latest/meta-data/public-keys", "", nil, 200, "0=my-key", 0},
	{"key", optional, "GET", "/latest/meta-data/public-keys/0", "", nil, 200, "openssh-key", 0},
	{"macs", optional, "GET", "/latest/meta-data/network/interfaces/macs/", "", nil, 200, "02:ab:cd:00:00:05/", 0},
	{"tags", optional, "GET", "/latest/meta-data/tags/instance/", "", nil, 200, "Name\na+b=c:d,e@f", 0},
	{"placement", optional, "GET", "/latest/meta-data/placement/", "", nil, 200, "availability-zone\navailability-zone-id\nregion", 0},
	{"services", required, "GET", "/latest/meta-data/services/", tokOwn, nil, 200, "domain\npartition", 0},
	{"meta-data", optional, "GET", "/latest/meta-data/", "", nil, 200, `ami-id
ami-launch-index
ami-manifest-path
block-device-mapping/
events/
hostname
instance-action
instance-id
instance-life-cycle
instance-type
local-hostname
local-ipv4
mac
metrics/
network/
placement/
profile
public-hostname
public-ipv4
public-keys/
reservation-id
security-groups
services/
system
tags/`, 0},
	{"meta-data of a bare instance", bare, "GET", "/latest/meta-data", "", nil, 200, `ami-id
ami-launch-index
ami-manifest-path
block-device-mapping/
events/
hostname
instance-action
instance-id
instance-life-cycle
instance-type
local-hostname
local-ipv4
mac
metrics/
network/
placement/
profile
reservation-id
security-groups
services/
system`, 0},
}
