package ec2_test

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/testkit"
	"golang.org/x/crypto/ssh"
)

func colons(sum []byte) string {
	return strings.ReplaceAll(strings.TrimSpace(fmt.Sprintf("% x", sum)), " ", ":")
}

func publicKey(c *cloud, name string) (info *gen.KeyPairInfo, pub ssh.PublicKey) {
	c.t.Helper()
	info = ok[gen.DescribeKeyPairsResult](c, "DescribeKeyPairs", "KeyName.1", name, "IncludePublicKey", "true").KeyPairs[0]
	pub, comment, _, _, err := ssh.ParseAuthorizedKey([]byte(*info.PublicKey))
	if err != nil || comment != name {
		c.t.Fatalf("public key %q: %v", *info.PublicKey, err)
	}
	return info, pub
}

func TestCreateKeyPairPEM(t *testing.T) {
	c := newCloud(t)
	for _, kind := range []string{"rsa", "ed25519"} {
		k := ok[gen.KeyPair](c, "CreateKeyPair", "KeyName", kind, "KeyType", kind)
		signer, err := ssh.ParsePrivateKey([]byte(*k.KeyMaterial))
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		info, pub := publicKey(c, kind)
		if string(pub.Marshal()) != string(signer.PublicKey().Marshal()) || *info.KeyType != kind || *info.KeyFingerprint != *k.KeyFingerprint {
			t.Errorf("%s: the halves differ, or %+v", kind, info)
		}
		want := ""
		if kind == "rsa" { // as "openssl pkcs8 -topk8 -nocrypt -outform DER | openssl sha1 -c"
			block, _ := pem.Decode([]byte(*k.KeyMaterial))
			if block.Type != "RSA PRIVATE KEY" {
				t.Errorf("PEM of type %s", block.Type)
			}
			key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
			if err != nil {
				t.Fatal(err)
			}
			der, err := x509.MarshalPKCS8PrivateKey(key)
			if err != nil {
				t.Fatal(err)
			}
			sum := sha1.Sum(der)
			want = colons(sum[:])
		} else { // as "ssh-keygen -l", with padding and without its prefix
			want = strings.TrimPrefix(ssh.FingerprintSHA256(pub), "SHA256:") + "="
		}
		if *k.KeyFingerprint != want {
			t.Errorf("%s: fingerprint %s, want %s", kind, *k.KeyFingerprint, want)
		}
	}
	for k := range store.KeyPairs.List(c.db.Stale()) {
		if strings.Contains(fmt.Sprintf("%+v", *k), "PRIVATE") {
			t.Error("a private key is stored")
		}
	}
}

// ppkParts reads a PPK file strictly, line by line.
func ppkParts(t *testing.T, text string) (algorithm, comment string, public, private []byte, mac string) {
	t.Helper()
	lines := strings.Split(text, "\n")
	next := func(prefix string) string {
		t.Helper()
		v, found := strings.CutPrefix(lines[0], prefix)
		if !found {
			t.Fatalf("line %q, want %q...", lines[0], prefix)
		}
		lines = lines[1:]
		return v
	}
	blob := func(prefix string) []byte {
		t.Helper()
		n, body := 0, ""
		fmt.Sscan(next(prefix), &n)
		for range n {
			body += next("")
		}
		raw, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	algorithm = next("PuTTY-User-Key-File-3: ")
	next("Encryption: none")
	comment = next("Comment: ")
	return algorithm, comment, blob("Public-Lines: "), blob("Private-Lines: "), next("Private-MAC: ")
}

func TestCreateKeyPairPPK(t *testing.T) {
	c := newCloud(t)
	for kind, algorithm := range map[string]string{"rsa": "ssh-rsa", "ed25519": "ssh-ed25519"} {
		k := ok[gen.KeyPair](c, "CreateKeyPair", "KeyName", "my "+kind, "KeyType", kind, "KeyFormat", "ppk")
		alg, comment, public, private, mac := ppkParts(t, *k.KeyMaterial)
		_, pub := publicKey(c, "my "+kind)
		if alg != algorithm || comment != "my "+kind || string(public) != string(pub.Marshal()) {
			t.Errorf("%s: %s, %q, and another public key", kind, alg, comment)
		}
		h := hmac.New(sha256.New, nil)
		for _, part := range []string{alg, "none", comment, string(public), string(private)} {
			_ = binary.Write(h, binary.BigEndian, uint32(len(part)))
			h.Write([]byte(part))
		}
		if want := fmt.Sprintf("%x", h.Sum(nil)); mac != want {
			t.Errorf("%s: MAC %s, want %s", kind, mac, want)
		}
	}
}

func TestPuTTYReadsPPK(t *testing.T) {
	if _, err := exec.LookPath("puttygen"); err != nil {
		t.Log("puttygen is not here; the form is held against its manual by TestCreateKeyPairPPK")
		return
	}
	c := newCloud(t)
	for _, kind := range []string{"rsa", "ed25519"} {
		k := ok[gen.KeyPair](c, "CreateKeyPair", "KeyName", kind, "KeyType", kind, "KeyFormat", "ppk")
		file := filepath.Join(t.TempDir(), "key.ppk")
		if err := os.WriteFile(file, []byte(*k.KeyMaterial), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("puttygen", file, "-O", "private-openssh", "-o", file+".pem").CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v %s", kind, err, out)
		}
		raw, err := os.ReadFile(file + ".pem")
		if err != nil {
			t.Fatal(err)
		}
		signer, err := ssh.ParsePrivateKey(raw)
		if err != nil {
			t.Fatal(err)
		}
		if _, pub := publicKey(c, kind); string(pub.Marshal()) != string(signer.PublicKey().Marshal()) {
			t.Errorf("%s: PuTTY reads another key", kind)
		}
	}
}

// material encodes a public key as it stands in a request.
func material(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func TestImportKeyPair(t *testing.T) {
	c := newCloud(t)
	made := ok[gen.KeyPair](c, "CreateKeyPair", "KeyName", "made")
	signer, err := ssh.ParseRawPrivateKey([]byte(*made.KeyMaterial))
	if err != nil {
		t.Fatal(err)
	}
	key := signer.(*rsa.PrivateKey)
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	pub, _ := ssh.NewPublicKey(&key.PublicKey)
	line := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(pub)))
	blob := base64.StdEncoding.EncodeToString(pub.Marshal())
	sum := md5.Sum(der)
	want := colons(sum[:])
	for name, m := range map[string]string{
		"openssh":              line,
		"openssh with comment": line + " me@here\n",
		"pem":                  string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})),
		"pkcs1 pem":            string(pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&key.PublicKey)})),
		"base64 of der":        base64.StdEncoding.EncodeToString(der),
		"rfc 4716":             "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"a long \\\nconti:nued\"\nSubject: me\n" + blob[:70] + "\n" + blob[70:] + "\n---- END SSH2 PUBLIC KEY ----\n",
	} {
		k := ok[gen.ImportKeyPairResult](c, "ImportKeyPair", "KeyName", name, "PublicKeyMaterial", material(m))
		if *k.KeyFingerprint != want {
			t.Errorf("%s: fingerprint %s, want %s", name, *k.KeyFingerprint, want)
		}
		if _, got := publicKey(c, name); string(got.Marshal()) != string(pub.Marshal()) {
			t.Errorf("%s: another key", name)
		}
	}
	ed := ok[gen.KeyPair](c, "CreateKeyPair", "KeyName", "ed", "KeyType", "ed25519")
	info, edPub := publicKey(c, "ed")
	k := ok[gen.ImportKeyPairResult](c, "ImportKeyPair", "KeyName", "ed2", "PublicKeyMaterial", material(string(ssh.MarshalAuthorizedKey(edPub))))
	if *k.KeyFingerprint != *ed.KeyFingerprint || *info.KeyType != "ed25519" {
		t.Errorf("an ed25519 key has one fingerprint made and another imported: %s, %s", *ed.KeyFingerprint, *k.KeyFingerprint)
	}
	const ecdsa = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg="
	for name, m := range map[string]string{"ecdsa": ecdsa, "nonsense": "hello", "empty": " ", "private": *made.KeyMaterial, "short": "ssh-rsa AAAAB3NzaC1yc2E="} {
		c.fails("InvalidKey.Format", "", "ImportKeyPair", "KeyName", name, "PublicKeyMaterial", material(m))
	}
	c.fails("InvalidKeyPair.Duplicate", "'ed2' already exists", "ImportKeyPair", "KeyName", "ed2", "PublicKeyMaterial", material(line))
}

func TestSSHKeygenAgrees(t *testing.T) {
	testkit.NeedProgram(t, "ssh-keygen")
	c := newCloud(t)
	for _, kind := range []string{"rsa", "ed25519"} {
		k := ok[gen.KeyPair](c, "CreateKeyPair", "KeyName", kind, "KeyType", kind)
		file := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(file, []byte(*k.KeyMaterial), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("ssh-keygen", "-y", "-f", file).Output()
		if err != nil {
			t.Fatal(err)
		}
		info, _ := publicKey(c, kind)
		if got := strings.Fields(string(out)); got[0]+" "+got[1] != strings.Join(strings.Fields(*info.PublicKey)[:2], " ") {
			t.Errorf("%s: ssh-keygen has %q, we have %q", kind, out, *info.PublicKey)
		}
	}
}

func TestKeyPairs(t *testing.T) {
	c := newCloud(t)
	k := ok[gen.KeyPair](c, "CreateKeyPair", "KeyName", "a", "KeyType", "ed25519", "TagSpecification.1.ResourceType", "key-pair", "TagSpecification.1.Tag.1.Key", "t", "TagSpecification.1.Tag.1.Value", "v")
	ok[gen.KeyPair](c, "CreateKeyPair", "KeyName", "b", "KeyType", "ed25519")
	ok[gen.KeyPair](c.as(other, region), "CreateKeyPair", "KeyName", "a", "KeyType", "ed25519") // names are an account's own
	ok[gen.KeyPair](c.as(me, "us-east-1"), "CreateKeyPair", "KeyName", "a", "KeyType", "ed25519")
	names := func(params ...string) string {
		return list(ok[gen.DescribeKeyPairsResult](c, "DescribeKeyPairs", params...).KeyPairs, func(k *gen.KeyPairInfo) string { return *k.KeyName })
	}
	for want, params := range map[string][]string{
		"a":   {"KeyName.1", "a", "KeyName.2", "a"},
		"a b": {"KeyName.1", "a", "KeyName.2", "b"},
		"b":   {"Filter.1.Name", "key-name", "Filter.1.Value.1", "b"},
		"":    {"Filter.1.Name", "fingerprint", "Filter.1.Value.1", "x"},
	} {
		if got := names(params...); got != want {
			t.Errorf("%q gave %q, want %q", params, got, want)
		}
	}
	for _, params := range [][]string{{"KeyPairId.1", *k.KeyPairId}, {"Filter.1.Name", "tag:t", "Filter.1.Value.1", "v"}, {"Filter.1.Name", "key-pair-id", "Filter.1.Value.1", *k.KeyPairId}, {"Filter.1.Name", "fingerprint", "Filter.1.Value.1", *k.KeyFingerprint}} {
		if got := names(params...); got != "a" {
			t.Errorf("%q gave %q", params, got)
		}
	}
	if ok[gen.DescribeKeyPairsResult](c, "DescribeKeyPairs").KeyPairs[0].PublicKey != nil {
		t.Error("the public key is shown unasked")
	}
	c.fails("InvalidKeyPair.Duplicate", "", "CreateKeyPair", "KeyName", "a")
	c.fails("InvalidKeyPair.NotFound", "'c'", "DescribeKeyPairs", "KeyName.1", "c")
	c.fails("InvalidKeyPair.NotFound", "", "DescribeKeyPairs", "KeyPairId.1", "key-00000000000000000")
	c.fails("InvalidParameterValue", "", "DescribeKeyPairs", "Filter.1.Name", "size", "Filter.1.Value.1", "1")
	c.fails("InvalidParameterValue", "", "CreateKeyPair", "KeyName", strings.Repeat("x", 256))
	c.fails("InvalidParameterValue", "", "CreateKeyPair", "KeyName", " x")
	c.fails("InvalidParameterValue", "", "CreateKeyPair", "KeyName", "ä")
	c.fails("InvalidParameterValue", "", "CreateKeyPair", "KeyName", "x", "KeyType", "dsa")
	c.fails("InvalidParameterValue", "", "CreateKeyPair", "KeyName", "x", "KeyFormat", "der")
	c.fails("MissingParameter", "", "CreateKeyPair")
	c.fails("MissingParameter", "", "DeleteKeyPair")

	if out := ok[gen.DeleteKeyPairResult](c, "DeleteKeyPair", "KeyName", "a"); *out.KeyPairId != *k.KeyPairId {
		t.Errorf("deleted %s", *out.KeyPairId)
	}
	ok[gen.DeleteKeyPairResult](c, "DeleteKeyPair", "KeyName", "a") // it is gone, and that is success
	ok[gen.DeleteKeyPairResult](c.as(other, region), "DeleteKeyPair", "KeyPairId", *ok[gen.DescribeKeyPairsResult](c, "DescribeKeyPairs").KeyPairs[0].KeyPairId)
	if got := names(); got != "b" {
		t.Errorf("left: %s", got)
	}
}
