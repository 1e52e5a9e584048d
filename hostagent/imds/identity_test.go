package imds

import (
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/micacloud/mica/internal/testkit"
)

// TestIdentityVerifiesWithOpenSSL follows AWS's own instructions for each signature.
func TestIdentityVerifiesWithOpenSSL(t *testing.T) {
	testkit.NeedProgram(t, "openssl")
	s, _ := newServer(t)
	dir := t.TempDir()
	cert, err := s.CertificatePEM("eu-central-1")
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		code, body := ask(s, addrA, "GET", "/latest/dynamic/instance-identity/"+name)
		if code != 200 {
			t.Fatalf("%s: %d", name, code)
		}
		return body
	}
	doc := read("document")
	file := func(name, content string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	openssl := func(args ...string) (string, error) {
		out, err := exec.CommandContext(t.Context(), "openssl", args...).Output()
		return string(out), err
	}
	certFile := file("cert", string(cert))
	for _, name := range []string{"pkcs7", "rsa2048"} {
		p7 := file(name, "-----BEGIN PKCS7-----\n"+read(name)+"\n-----END PKCS7-----\n")
		args := []string{"smime", "-verify", "-in", p7, "-inform", "PEM", "-certfile", certFile, "-noverify"}
		if out, err := openssl(args...); err != nil || out != doc {
			t.Errorf("%s: openssl says %v, content %q", name, err, out)
		}
		if _, err := openssl(append(args, "-content", file("document", doc))...); err != nil {
			t.Errorf("%s over the document: %v", name, err)
		}
		if _, err := openssl(append(args, "-content", file("forged", strings.Replace(doc, "t3.micro", "m5.large", 1)))...); err == nil {
			t.Errorf("%s: a changed document was verified", name)
		}
	}
	pub, err := openssl("x509", "-in", certFile, "-pubkey", "-noout")
	if err != nil {
		t.Fatal(err)
	}
	sig, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(read("signature"), "\n", ""))
	if err != nil {
		t.Fatal(err)
	}
	verify := func(document string) error {
		_, err := openssl("dgst", "-sha256", "-verify", file("pub", pub), "-signature", file("sig", string(sig)), file("signed", document))
		return err
	}
	if err := verify(doc); err != nil {
		t.Errorf("signature: %v", err)
	}
	if verify(doc+" ") == nil {
		t.Error("signature: a changed document was verified")
	}

	again, _ := newServer(t, func(c *Config) { c.Dir = s.cfg.Dir })
	if kept, err := again.CertificatePEM("eu-central-1"); err != nil || string(kept) != string(cert) {
		t.Errorf("after a restart there is another certificate (%v)", err)
	}
}
