// Package join is how servers and hosts become members of a cluster, as both ends of
// the wire see it: the one port's protocols, the request with its token, and the answer.
package join

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/micacloud/mica/internal/pki"
)

// The protocols of a server's cluster port, told apart by TLS (ALPN).
const (
	ProtoRaft = "mica-raft"
	ProtoGRPC = "h2"       // agents
	ProtoHTTP = "http/1.1" // joining, renewing, images, and servers among each other
)

// DefaultPort is a server's cluster port.
const DefaultPort = "7443"

// Paths that joiners and members ask for.
const (
	PathJoin  = "/v1/join"
	PathRenew = "/v1/renew"
)

// Request asks to become a member.
type Request struct {
	Token  string // its id
	Secret string
	Role   pki.Role
	// ID is the joiner's, chosen by itself and kept for good.
	ID  string
	CSR []byte // DER
	// Address is where other servers reach this one.
	Address string
	Name    string // for people
	Version string
	Schema  int // the newest that it reads
}

// Server is where a server is.
type Server struct {
	ID      string
	Address string
}

// Answer makes the joiner a member.
type Answer struct {
	Certificate  []byte // DER
	Authority    []byte // PEM
	AuthorityKey []byte `json:",omitempty"` // PEM, for servers
	Servers      []Server
	// Settings are what all servers have in common.
	Settings json.RawMessage
}

// Renewal is both the request (a CSR) and the answer (a certificate), DER.
type Renewal struct{ DER []byte }

// Refusal is an answer of a server that says no; asking again changes nothing.
type Refusal struct {
	Status  int
	Message string
}

// Error implements error.
func (r *Refusal) Error() string { return r.Message }

// Address makes host:port of what an operator gave: a URL, a host, or both.
func Address(s string) (string, error) {
	s = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(s), "https://"), "/")
	if s == "" || strings.Contains(s, "/") {
		return "", fmt.Errorf("%q: an address such as https://server:%s is wanted", s, DefaultPort)
	}
	if _, _, err := net.SplitHostPort(s); err == nil {
		return s, nil
	}
	return net.JoinHostPort(strings.Trim(s, "[]"), DefaultPort), nil
}

// trying is how long Do waits for a server to answer.
const trying = 2 * time.Minute

// Do asks servers one after the other, again and again, until one answers. A refusal is an
// answer.
func Do(ctx context.Context, addresses []string, token pki.Token, r Request) (*Answer, error) {
	r.Token, r.Secret = token.ID, token.Secret
	cfg := &tls.Config{
		MinVersion: tls.VersionTLS13, NextProtos: []string{ProtoHTTP},
		InsecureSkipVerify: true, // the token's digest says who it must be
		VerifyConnection:   pki.VerifyByDigest(token.Digest),
	}
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{TLSClientConfig: cfg, DisableKeepAlives: true}}
	limit := time.Now().Add(trying)
	for {
		out, err := once(ctx, client, addresses, r)
		_, no := errors.AsType[*Refusal](err)
		if err == nil || no || errors.Is(err, pki.ErrAnotherCluster) || time.Now().After(limit) {
			return out, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(time.Second):
		}
	}
}

func once(ctx context.Context, client *http.Client, addresses []string, r Request) (*Answer, error) {
	var failed error
	for _, address := range addresses {
		var out Answer
		err := Post(ctx, client, address, PathJoin, r, &out)
		if err == nil {
			return &out, nil
		}
		failed = errors.Join(failed, fmt.Errorf("%s: %w", address, err))
		if _, no := errors.AsType[*Refusal](err); no {
			break
		}
	}
	return nil, failed
}

// Post sends JSON and reads JSON. An answer in the 400s is a Refusal.
func Post(ctx context.Context, client *http.Client, address, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+address+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 64<<20))
	switch {
	case err != nil:
		return err
	case resp.StatusCode >= 400 && resp.StatusCode < 500:
		return &Refusal{resp.StatusCode, strings.TrimSpace(string(b))}
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("%s: %s", resp.Status, bytes.TrimSpace(b))
	}
	return json.Unmarshal(b, out)
}
