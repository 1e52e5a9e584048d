// Package benchkit measures the API as clients see it, for `make bench`: signed
// requests over TCP, the whole chain, a real action, and the log on disk.
package benchkit

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/auth"
	"github.com/micacloud/mica/controlplane/consensus/benchkit"
	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/server"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
)

const (
	account = "123456789012"
	region  = "bench-1"
	publicK = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJmZx0Zc9Q6mS0o0c9VJ0Uj7YyqQwKcT1R5yGJ6mZl0w bench"
)

// Mutations has clients, each on a connection of its own, import n key pairs in all, and
// returns how often and how fast they were answered. The server is one voter with its
// log in dir, which must be empty. Requests are signed before the clock starts: the
// clients' own work is not what is asked about.
func Mutations(dir string, clients, n int) (r benchkit.Result, err error) {
	node, err := benchkit.OpenNode(dir)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, node.Close()) }()
	signer := auth.Signer{AccessKey: "AKIABENCH", Secret: "bench", Region: region, Service: "ec2"}
	key := &model.AccessKey{ID: signer.AccessKey, Secret: signer.Secret, Account: account, User: "root"}
	if err := node.Update(context.Background(), store.Meta{}, func(tx *store.Tx) error { return store.AccessKeys.Put(tx, key) }); err != nil {
		return r, err
	}
	l, stop, err := serve(node)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	work := make([][][]byte, clients)
	for i := range n {
		request, err := request(signer, l.Addr().String(), fmt.Sprint("bench-", i))
		if err != nil {
			return r, err
		}
		work[i%clients] = append(work[i%clients], request)
	}
	return measure(l.Addr().String(), work)
}

// serve starts the API on a port of the loopback.
func serve(db store.DB) (l net.Listener, stop func() error, err error) {
	registry := wire.NewRegistry[*action.Call](wire.EC2)
	ec2.Register(registry, ec2.Deps{Regions: []ec2.Region{{Name: region, Zones: []ec2.Zone{{Name: region + "a", ID: "use1-az1"}}}}})
	s, err := server.New(server.Config{Regions: []string{region}, Log: slog.New(slog.DiscardHandler)}, db, registry, server.Signed(&auth.Verifier{Lookup: auth.FromStore(db)}))
	if err != nil {
		return nil, nil, err
	}
	if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	return l, func() error { cancel(); return <-ended }, nil
}

// request is a signed request as it goes over the wire.
func request(signer auth.Signer, host, name string) ([]byte, error) {
	body := url.Values{"Action": {"ImportKeyPair"}, "Version": {wire.EC2.Version}, "KeyName": {name},
		"PublicKeyMaterial": {base64.StdEncoding.EncodeToString([]byte(publicK))}}.Encode()
	r, err := http.NewRequest(http.MethodPost, "http://"+host+"/", strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	if err := signer.Sign(r, []byte(body), time.Now()); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = r.Write(&b)
	return b.Bytes(), err
}

// measure sends each client's requests one after the other.
func measure(address string, work [][][]byte) (benchkit.Result, error) {
	var wg sync.WaitGroup
	took, failed := make([][]time.Duration, len(work)), make([]error, len(work))
	conns := make([]net.Conn, len(work))
	for i := range conns {
		c, err := net.Dial("tcp", address)
		if err != nil {
			return benchkit.Result{}, err
		}
		defer c.Close()
		conns[i] = c
	}
	start := time.Now()
	for i, requests := range work {
		wg.Go(func() { took[i], failed[i] = ask(conns[i], requests) })
	}
	wg.Wait()
	elapsed := time.Since(start)
	all := slices.Concat(took...)
	if err := errors.Join(failed...); err != nil || len(all) == 0 {
		return benchkit.Result{}, cmp.Or(err, errors.New("benchkit: nothing was asked"))
	}
	slices.Sort(all)
	return benchkit.Result{Clients: len(work), Rate: float64(len(all)) / elapsed.Seconds(), P50: all[len(all)/2], P99: all[len(all)*99/100]}, nil
}

// ask is as little of an HTTP client as will do: it shares the machine's cores with
// what is measured.
func ask(c net.Conn, requests [][]byte) ([]time.Duration, error) {
	took := make([]time.Duration, 0, len(requests))
	r := bufio.NewReader(c)
	for _, q := range requests {
		asked := time.Now()
		if _, err := c.Write(q); err != nil {
			return nil, err
		}
		if err := readAnswer(r); err != nil {
			return nil, err
		}
		took = append(took, time.Since(asked))
	}
	return took, nil
}

func readAnswer(r *bufio.Reader) error {
	status, err := r.ReadString('\n')
	if err != nil {
		return err
	}
	length := 0
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= 2 {
			break
		}
		if v, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(v))); err != nil {
				return err
			}
		}
	}
	if !strings.Contains(status, " 200 ") {
		text, _ := io.ReadAll(io.LimitReader(r, int64(length)))
		return fmt.Errorf("benchkit: %s%s", status, text)
	}
	_, err = r.Discard(length)
	return err
}
