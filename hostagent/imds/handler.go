package imds

import (
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/micacloud/mica/proto/agentpb"
)

// Header names of IMDSv2, in net/http's spelling.
const (
	headerToken = "X-Aws-Ec2-Metadata-Token"
	headerTTL   = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds"
)

// Values that all answers share, so that none is made for each.
var (
	serverName = []string{"EC2ws"}
	plainText  = []string{"text/plain"}
	octets     = []string{"application/octet-stream"}
	html       = []string{"text/html"}
	noRanges   = []string{"none"}
)

// ServeHTTP answers one request of a guest.
func (v *vpc) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header()["Server"] = serverName
	aw := &answer{ResponseWriter: w, status: http.StatusOK}
	v.serve(aw, r)
	v.cfg.Answered(aw.status)
}

// answer notes an answer's status.
type answer struct {
	http.ResponseWriter
	status int
}

// WriteHeader sends the status.
func (a *answer) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// serve decides what a request gets.
func (v *vpc) serve(w http.ResponseWriter, r *http.Request) {
	c, t := v.caller(callerIP(r))
	switch {
	case c == nil, !c.allow(v.cfg.Rate, v.cfg.Now()):
		// An address without a boot is one whose assignment has not come yet.
		fail(w, http.StatusServiceUnavailable)
	case t.boot.GetMetadata().GetHttpEndpoint() == "disabled":
		fail(w, http.StatusForbidden)
	case r.Method == http.MethodPut:
		v.put(w, r, c, t.boot)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		notAllowed(w, "GET, HEAD")
	default:
		v.get(w, r, c, t)
	}
}

// put answers requests for a token. A caller whose answer cannot be kept within its
// hop limit gets none.
func (v *vpc) put(w http.ResponseWriter, r *http.Request, c *caller, boot *agentpb.Boot) {
	if hl, ok := r.Context().Value(connKey{}).(hopLimiter); ok {
		if err := hl.limitHops(hopLimit(boot)); err != nil {
			v.cfg.Log.Error("cannot limit the hops of a metadata token", "instance_id", boot.GetInstanceId(), "err", err)
			fail(w, http.StatusServiceUnavailable)
			return
		}
	}
	if len(r.Header.Values("X-Forwarded-For")) > 0 {
		fail(w, http.StatusForbidden)
		return
	}
	version, rest, _ := strings.Cut(cleanPath(r.URL.Path), "/")
	switch {
	case rest != "api/token" || !isVersion(version):
		notAllowed(w, "GET, HEAD")
		return
	case version != "latest":
		fail(w, http.StatusForbidden)
		return
	}
	ttl, ok := parseTTL(r.Header[headerTTL])
	if !ok {
		fail(w, http.StatusBadRequest)
		return
	}
	w.Header()[headerTTL] = []string{strconv.Itoa(ttl)}
	send(w, r, plainText, []byte(v.tokens.issue(boot.GetInstanceId(), ttl)))
	v.step(c, StepFirstToken)
}

// get answers reads. Whether a request is of version 1 or 2 is decided by the token's
// header being there, so a bad token is refused even where none is needed.
func (v *vpc) get(w http.ResponseWriter, r *http.Request, c *caller, t *tree) {
	path := cleanPath(r.URL.Path)
	if path == "latest/api/token" {
		notAllowed(w, "OPTIONS, PUT")
		return
	}
	if given := r.Header[headerToken]; len(given) > 0 {
		left, ok := v.tokens.check(t.boot.GetInstanceId(), given[0])
		if !ok || len(given) > 1 {
			fail(w, http.StatusUnauthorized)
			return
		}
		w.Header()[headerTTL] = []string{strconv.Itoa(left)}
	} else if t.boot.GetMetadata().GetHttpTokens() == "required" {
		fail(w, http.StatusUnauthorized)
		return
	}
	body, kind, err := t.read(path)
	switch {
	case err != nil:
		v.cfg.Log.Error("cannot answer a metadata request", "instance_id", t.boot.GetInstanceId(), "path", path, "err", err)
		fail(w, http.StatusServiceUnavailable)
	case kind == nil:
		fail(w, http.StatusNotFound)
	default:
		w.Header()["Accept-Ranges"] = noRanges
		w.Header()["Last-Modified"] = t.modified
		send(w, r, kind, body)
		if strings.HasSuffix(path, "/user-data") {
			v.step(c, StepUserData)
		}
	}
}

// callerIP is the address that the request came from.
func callerIP(r *http.Request) netip.Addr {
	if c, ok := r.Context().Value(connKey{}).(*conn); ok {
		return c.ip
	}
	ap, _ := netip.ParseAddrPort(r.RemoteAddr)
	return ap.Addr().Unmap()
}

// hopLimit is the boot's HttpPutResponseHopLimit, within EC2's 1..64.
func hopLimit(b *agentpb.Boot) int { return min(max(int(b.GetMetadata().GetHopLimit()), 1), 64) }

// parseTTL reads the life that a token is asked for.
func parseTTL(values []string) (int, bool) {
	if len(values) != 1 || len(values[0]) == 0 || strings.Trim(values[0], "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(values[0])
	return n, err == nil && n >= 1 && n <= maxTTL
}

// cleanPath drops the outer slashes and doubled ones: EC2 answers for a name with and
// without a slash at its end.
func cleanPath(p string) string {
	p = strings.Trim(p, "/")
	for strings.Contains(p, "//") {
		p = strings.ReplaceAll(p, "//", "/")
	}
	return p
}

func isVersion(s string) bool { return slices.Contains(versions, s) }

// send writes an answer of status 200; HEAD gets its headers alone.
func send(w http.ResponseWriter, r *http.Request, kind []string, body []byte) {
	h := w.Header()
	h["Content-Type"] = kind
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a guest that went away is no matter of ours
	}
}

func notAllowed(w http.ResponseWriter, allow string) {
	w.Header().Set("Allow", allow)
	fail(w, http.StatusMethodNotAllowed)
}

// fail answers with the small page that EC2 sends.
func fail(w http.ResponseWriter, status int) {
	title := strconv.Itoa(status) + " - " + http.StatusText(status)
	w.Header()["Content-Type"] = html
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`<?xml version="1.0" encoding="iso-8859-1"?>
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head><title>` + title + `</title></head>
 <body><h1>` + title + `</h1></body>
</html>
`))
}
