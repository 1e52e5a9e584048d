package auth

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"github.com/micacloud/mica/internal/testkit"
)

// botocore is a running signer of the AWS CLI's own library.
type botocore struct {
	in  io.Writer
	out *bufio.Reader
}

type botoRequest struct {
	At      string            `json:"at"`
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Body    string            `json:"body"`
	Headers map[string]string `json:"headers"`
	Key     string            `json:"key"`
	Secret  string            `json:"secret"`
	Region  string            `json:"region"`
	Service string            `json:"service"`
	Presign bool              `json:"presign"`
}

type botoAnswer struct {
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
}

func startBotocore(t testing.TB) *botocore {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import botocore").Run() != nil {
			continue
		}
		cmd := exec.Command(python, "testdata/botocore_sign.py")
		var errs bytes.Buffer
		cmd.Stderr = &errs
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			in.Close()
			if err := cmd.Wait(); err != nil {
				t.Errorf("%v: %s", err, errs.String())
			}
		})
		return &botocore{in, bufio.NewReader(out)}
	}
	testkit.Skip(t, "needs python3 with botocore")
	return nil
}

func (b *botocore) sign(t testing.TB, q botoRequest) botoAnswer {
	t.Helper()
	if err := json.NewEncoder(b.in).Encode(q); err != nil {
		t.Fatal(err)
	}
	line, err := b.out.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var a botoAnswer
	if err := json.Unmarshal(line, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// received is a request as a server gets it.
func received(t testing.TB, method string, a botoAnswer, body string) *http.Request {
	t.Helper()
	u, err := url.Parse(a.URL)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(method, u.RequestURI(), strings.NewReader(body))
	r.Host = u.Host
	for k, v := range a.Headers {
		r.Header.Set(k, v)
	}
	return r
}

// Whatever botocore signs we take, and a change in any part we refuse.
func TestBotocoreSignaturesAreTaken(t *testing.T) {
	boto := startBotocore(t)
	rng := rand.New(rand.NewPCG(1, 2))
	word := func(alphabet string, n int) string {
		var b strings.Builder
		letters := []rune(alphabet)
		for range rng.IntN(n) {
			b.WriteRune(letters[rng.IntN(len(letters))])
		}
		return b.String()
	}
	const odd = "aZ09 -_.~*+=&%/?:;,@$!'()[]{}<>\"\\|^`#é世\t"
	for i := range 400 {
		q := botoRequest{
			At: noon.Format(timeFormat), Method: "POST", Key: signer.AccessKey, Secret: signer.Secret,
			Region: "r1", Service: []string{"ec2", "sts"}[i%2], Presign: i%4 == 3,
			URL: "http://mica.test:" + fmt.Sprint(1000+rng.IntN(9000)) + "/", Headers: map[string]string{"User-Agent": "x"},
		}
		values := url.Values{"Action": {"RunInstances"}}
		for range rng.IntN(5) {
			values.Add("p"+word(odd, 4), word(odd, 12))
		}
		query := strings.ReplaceAll(values.Encode(), "+", "%20")
		if i%3 == 0 || q.Presign {
			q.Method, q.URL = "GET", q.URL+"?"+query
		} else {
			q.Body = query
			q.Headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
			q.Headers["X-Odd"] = "  a " + word(" ab", 9) + " b  "
		}
		a := boto.sign(t, q)
		id, err := verifier().Verify(received(t, q.Method, a, q.Body), []byte(q.Body))
		if err != nil || id.Service != q.Service {
			t.Fatalf("%+v\n%+v\n%v", q, a, err)
		}
		if _, err := verifier().Verify(received(t, q.Method, a, q.Body+"&x=y"), []byte(q.Body+"&x=y")); err == nil {
			t.Fatalf("another body is taken: %+v", q)
		}
		bad := received(t, q.Method, a, q.Body)
		bad.URL.RawQuery += "&x=y"
		if _, err := verifier().Verify(bad, []byte(q.Body)); err == nil {
			t.Fatalf("another query is taken: %+v", q)
		}
		if q.Presign {
			continue
		}
		// Our own signer agrees byte for byte, given the same headers.
		ours := received(t, q.Method, a, q.Body)
		want := ours.Header.Get("Authorization")
		for _, name := range []string{"User-Agent", "Content-Length"} { // botocore does not sign these
			ours.Header.Del(name)
		}
		s := signer
		s.Service = q.Service
		if err := s.Sign(ours, []byte(q.Body), noon); err != nil {
			t.Fatal(err)
		}
		if got := ours.Header.Get("Authorization"); got != want {
			t.Fatalf("%+v\nours     %s\nbotocore %s", q, got, want)
		}
	}
}

// What is signed is taken, and what differs in its meaning is not, however odd the query.
func FuzzSignVerify(f *testing.F) {
	for _, q := range []string{"", "a=b", "a=b&a=a", "a&b=&=c", "a=%2B+%20", "%zz", "a=b;c=d", "é=世"} {
		f.Add(q, "/", "x y", "body")
	}
	f.Add("a=b", "/a//b/../c%20d/", "", "")
	f.Fuzz(func(t *testing.T, query, path, header, body string) {
		u := "/" + strings.TrimLeft(path, "/")
		if strings.ContainsAny(u+query, "?# \x7f") || strings.ContainsFunc(u+query+header, func(r rune) bool { return r < ' ' }) {
			return
		}
		if _, err := url.ParseRequestURI(u + "?" + query); err != nil {
			return
		}
		request := func(query string) *http.Request {
			parsed, _ := url.ParseRequestURI(u + "?" + query)
			r := &http.Request{Method: "POST", URL: parsed, RequestURI: u + "?" + query, Host: "mica.test", Header: http.Header{"X-Odd": {header}}}
			return r
		}
		r := request(query)
		if err := signer.Sign(r, []byte(body), noon); err != nil {
			return // a query that no decoder takes
		}
		if _, err := verifier().Verify(r, []byte(body)); err != nil {
			t.Fatalf("own signature refused: %v", err)
		}
		authorization := r.Header.Get("Authorization")
		other := request(query + "&more=1")
		other.Header = r.Header
		if _, err := verifier().Verify(other, []byte(body)); err == nil {
			t.Fatal("another query is taken")
		}
		r.Header.Set("X-Odd", header+"z")
		if _, err := verifier().Verify(r, []byte(body)); err == nil {
			t.Fatal("another header is taken:", authorization)
		}
	})
}
