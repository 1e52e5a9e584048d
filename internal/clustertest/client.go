package clustertest

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/micacloud/mica/controlplane/auth"
	"github.com/micacloud/mica/internal/testkit"
)

// Failure is an answer that is no success, or no answer at all.
type Failure struct {
	Code string // of EC2; empty: nobody knows what became of it
	Text string
}

// Error implements error.
func (f *Failure) Error() string { return f.Code + ": " + f.Text }

// Certain reports whether the failure says that nothing was done.
func (f *Failure) Certain() bool { return f.Code != "" && f.Code != "InternalError" }

var client = &http.Client{Timeout: 40 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 128}}

// Call makes a signed call of an EC2 action on a server.
func (p *Process) Call(ctx context.Context, action string, params ...string) (string, *Failure) {
	form := url.Values{"Action": {action}, "Version": {"2016-11-15"}}
	for i := 0; i+1 < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	body := form.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+p.HTTP+"/", strings.NewReader(body))
	if err != nil {
		return "", &Failure{Text: err.Error()}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	signer := auth.Signer{AccessKey: accessKey, Secret: secretKey, Region: region, Service: "ec2"}
	if err := signer.Sign(req, []byte(body), time.Now()); err != nil {
		return "", &Failure{Text: err.Error()}
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", &Failure{Text: err.Error()}
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", &Failure{Text: err.Error()}
	}
	if resp.StatusCode != http.StatusOK {
		var e struct {
			Code    string `xml:"Errors>Error>Code"`
			Message string `xml:"Errors>Error>Message"`
		}
		if err := xml.Unmarshal(b, &e); err != nil || e.Code == "" {
			return "", &Failure{Text: fmt.Sprintf("%s: %s", resp.Status, b)}
		}
		return "", &Failure{Code: e.Code, Text: e.Message}
	}
	return string(b), nil
}

// Must makes a call that must work in the end: a cluster on a slow machine may have to elect
// a leader meanwhile. That an earlier try made the thing already is as good.
func (p *Process) Must(action string, params ...string) (body string) {
	p.t.Helper()
	var f *Failure
	testkit.Wait(p.t, patience, action, func() bool {
		body, f = p.Call(p.t.Context(), action, params...)
		switch {
		case f == nil || strings.HasSuffix(f.Code, ".Duplicate"):
			return true
		case f.Certain() && f.Code != "Unavailable":
			p.t.Fatalf("%s at %s: %v", action, p.Name, f)
		}
		return false
	})
	return body
}

// KeyNames reads the names of all key pairs, from one server.
func (p *Process) KeyNames() map[string]bool {
	p.t.Helper()
	body := p.Must("DescribeKeyPairs")
	var out struct {
		Names []string `xml:"keySet>item>keyName"`
	}
	if err := xml.Unmarshal([]byte(body), &out); err != nil {
		p.t.Fatal(err)
	}
	names := map[string]bool{}
	for _, n := range out.Names {
		names[n] = true
	}
	return names
}
