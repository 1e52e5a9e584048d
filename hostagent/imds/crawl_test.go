package imds

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/micacloud/mica/proto/agentpb"
)

// crawler walks metadata the way cloud-init's Ec2 datasource does: one answer that is
// not 200 spoils everything.
type crawler struct {
	t    *testing.T
	get  func(path string) (int, string)
	seen []string
}

func (c *crawler) read(path string) string {
	code, body := c.get(path)
	c.seen = append(c.seen, path)
	if code != 200 {
		c.t.Errorf("GET %s: %d; cloud-init has no metadata at all then", path, code)
	}
	return body
}

// walk reads a directory whose listing is known.
func (c *crawler) walk(base, listing string) map[string]any {
	out := map[string]any{}
	for line := range strings.Lines(listing) {
		field := strings.TrimSpace(line)
		name := strings.TrimSuffix(field, "/")
		switch {
		case name == "" || name == "security-credentials":
		case strings.HasSuffix(field, "/"):
			out[name] = c.walk(base+field, c.read(base+field))
		default:
			resource := name
			if ident, label, ok := strings.Cut(name, "="); ok {
				if n, err := strconv.Atoi(ident); err == nil {
					name, resource = label, strconv.Itoa(n)+"/openssh-key"
				}
			}
			out[name] = leaf(c.read(base + resource))
		}
	}
	return out
}

// leaf is a value as cloud-init takes it: JSON, lines or a string.
func leaf(body string) any {
	if strings.HasPrefix(body, "{") && strings.HasSuffix(body, "}") {
		var v map[string]any
		if json.Unmarshal([]byte(body), &v) == nil {
			return v
		}
	}
	if strings.Contains(body, "\n") {
		return strings.Split(strings.TrimRight(body, "\n"), "\n")
	}
	return body
}

// crawl reads all that cloud-init does, in its order.
func (c *crawler) crawl() (metadata, identity map[string]any) {
	version := "2021-03-23"
	c.read("/" + version + "/meta-data/instance-id")
	base := "/" + version + "/meta-data/"
	metadata = c.walk(base, c.read(base))
	base = "/" + version + "/dynamic/instance-identity"
	identity = c.walk(base+"/", c.read(base))
	return metadata, identity
}

func TestCloudInitsCrawlFindsEveryListedName(t *testing.T) {
	for name, mode := range map[string]func(*agentpb.Metadata){
		"all there is": optional,
		"tokens":       required,
		"bare":         bare,
		"no tags":      noTags,
		"two nics": func(m *agentpb.Metadata) {
			m.Interfaces = append(m.Interfaces, &agentpb.InterfaceMeta{
				Id: "eni-1", Mac: "02:00:00:00:00:77", DeviceIndex: 1, VpcId: testVPC, PrivateIp: "172.31.16.5", SubnetCidr: "172.31.16.0/20",
			})
		},
		"empty": func(m *agentpb.Metadata) {
			*m = agentpb.Metadata{Region: "eu-central-1", HttpTokens: m.HttpTokens} //nolint:govet // a fresh message
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, g := newServer(t)
			g.set(testVPC, bootA(mode))
			_, token := ask(s, addrA, "PUT", tokenPath, headerTTL, "21600")
			c := &crawler{t: t, get: func(p string) (int, string) { return ask(s, addrA, "GET", p, headerToken, token) }}
			md, id := c.crawl()
			if md["instance-id"] != testID {
				t.Errorf("instance-id is %v", md["instance-id"])
			}
			if doc, ok := id["document"].(map[string]any); !ok || doc["instanceId"] != testID || doc["region"] != "eu-central-1" {
				t.Errorf("identity document: %v", id["document"])
			}
			if n := strings.Count(strings.Join(c.seen, "\n"), "//"); n > 0 {
				t.Errorf("%d paths with doubled slashes", n)
			}
		})
	}
}

// TestCrawlOfAnyTagsAndKeyName has names that cloud-init takes for something else.
func TestCrawlOfAnyTagsAndKeyName(t *testing.T) {
	s, g := newServer(t)
	rapid.Check(t, func(rt *rapid.T) {
		key := rapid.OneOf(rapid.StringOfN(rapid.RuneFrom([]rune(tagChars)), 1, 20, -1), rapid.StringMatching(`[0-9]{1,3}=[a-z=]{0,3}`), rapid.String())
		tags := rapid.MapOf(key, rapid.StringN(0, 20, -1)).Draw(rt, "tags")
		name := rapid.OneOf(rapid.StringN(0, 20, -1), rapid.StringMatching(`[a-z=/ ]{1,8}/`)).Draw(rt, "key name")
		g.set(testVPC, bootA(func(m *agentpb.Metadata) { m.Tags, m.KeyName = tags, name }))
		c := &crawler{t: t, get: func(p string) (int, string) {
			return ask(s, addrA, "GET", (&url.URL{Path: p}).EscapedPath())
		}}
		if md, _ := c.crawl(); md["instance-id"] != testID || t.Failed() {
			rt.Fatalf("tags %q, key %q", tags, name)
		}
	})
}

// TestCrawledNetworkIsWhatCloudInitUses checks the keys that cloud-init's network
// configuration is made from.
func TestCrawledNetworkIsWhatCloudInitUses(t *testing.T) {
	s, _ := newServer(t)
	c := &crawler{t: t, get: func(p string) (int, string) { return ask(s, addrA, "GET", p) }}
	md, _ := c.crawl()
	macs := md["network"].(map[string]any)["interfaces"].(map[string]any)["macs"].(map[string]any)
	nic, ok := macs["02:ab:cd:00:00:05"].(map[string]any)
	if !ok {
		t.Fatalf("the NIC's MAC in lower case is no key: %v", slices.Collect(maps.Keys(macs)))
	}
	for k, want := range map[string]string{"device-number": "0", "local-ipv4s": addrA, "subnet-ipv4-cidr-block": "172.31.0.0/20", "vpc-id": testVPC} {
		if nic[k] != want {
			t.Errorf("%s is %v, want %s", k, nic[k], want)
		}
	}
	if keys := md["public-keys"].(map[string]any); !strings.HasPrefix(keys["my-key"].([]string)[0], "ssh-ed25519 ") {
		t.Errorf("public keys: %v", keys)
	}
}

// TestEveryPathIsListed makes sure that nothing is served that no listing leads to.
func TestEveryPathIsListed(t *testing.T) {
	s, _ := newServer(t)
	_, tr := s.vpc(testVPC).caller(callerIPOf(addrA))
	listed := map[string]bool{}
	var walk func(dir string)
	walk = func(dir string) {
		body, _, _ := tr.read("latest/" + dir)
		for _, n := range strings.Split(string(body), "\n") {
			p := strings.Trim(dir+"/"+n, "/")
			listed[p] = true
			if strings.HasSuffix(n, "/") || dir == "" && n != "user-data" {
				walk(p)
			}
		}
	}
	walk("")
	for p := range tr.bodies {
		if under := strings.HasPrefix(p, "meta-data/public-keys/"); p != "" && !listed[p] && !under {
			t.Errorf("%s is served but not listed", p)
		}
	}
}
