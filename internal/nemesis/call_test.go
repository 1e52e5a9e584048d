package nemesis

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// client is a user's program, somewhere on the network.
type client struct {
	c    *cluster
	name string
	http *http.Client
}

func (c *cluster) client(name string) *client {
	return &client{c: c, name: name, http: c.httpClient(name)}
}

// answer is what came of a call.
type answer struct {
	code    string // EC2's; empty is success
	unknown bool   // whether anything was done is not known
	message string
	body    []byte
}

// ok reports success.
func (a answer) ok() bool { return a.code == "" && !a.unknown }

// again reports that nothing was done and that asking again may help.
func (a answer) again() bool { return a.code == "Unavailable" }

// call asks a server for an action.
func (k *client) call(ctx context.Context, server, action string, params ...string) answer {
	form := url.Values{"Action": {action}, "Version": {"2016-11-15"}}
	for n := 0; n < len(params); n += 2 {
		form.Set(params[n], params[n+1])
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+server+":80/", strings.NewReader(form.Encode()))
	k.c.must(err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r, err := k.http.Do(req)
	if err != nil {
		return answer{unknown: true, message: err.Error()}
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return answer{unknown: true, message: err.Error()}
	}
	if r.StatusCode == http.StatusOK {
		return answer{body: body}
	}
	var e struct {
		Code    string `xml:"Errors>Error>Code"`
		Message string `xml:"Errors>Error>Message"`
	}
	if err := xml.Unmarshal(body, &e); err != nil || e.Code == "" {
		k.c.fail("%s of %s answered %d %s", action, server, r.StatusCode, body)
	}
	return answer{code: e.Code, message: e.Message, unknown: e.Code == "InternalError"}
}

// shown is an instance as the API shows it.
type shown struct {
	ID    string `xml:"instanceId"`
	State string `xml:"instanceState>name"`
}

// change is an instance as Start, Stop and TerminateInstances show it.
type change struct {
	ID       string `xml:"instanceId"`
	Current  string `xml:"currentState>name"`
	Previous string `xml:"previousState>name"`
}

func (k *client) parse(a answer, into any) {
	if err := xml.Unmarshal(a.body, into); err != nil {
		k.c.fail("an answer that is no XML: %v: %s", err, a.body)
	}
}

// run asks for n instances under a token.
func (k *client) run(ctx context.Context, server, token string, n int, kind string) (a answer, reservation string, all []shown) {
	count := fmt.Sprint(n)
	a = k.call(ctx, server, "RunInstances", "ImageId", k.c.image, "InstanceType", kind, "MinCount", count, "MaxCount", count, "ClientToken", token)
	if a.ok() {
		var out struct {
			Reservation string  `xml:"reservationId"`
			Instances   []shown `xml:"instancesSet>item"`
		}
		k.parse(a, &out)
		return a, out.Reservation, out.Instances
	}
	return a, "", nil
}

// describe asks for instances; with no ids, for all.
func (k *client) describe(ctx context.Context, server string, ids ...string) (a answer, all []shown) {
	a = k.call(ctx, server, "DescribeInstances", list("InstanceId", ids)...)
	if a.ok() {
		var out struct {
			Instances []shown `xml:"reservationSet>item>instancesSet>item"`
		}
		k.parse(a, &out)
		return a, out.Instances
	}
	return a, nil
}

// change asks for another state of instances: action is StartInstances, StopInstances or
// TerminateInstances.
func (k *client) change(ctx context.Context, server, action string, ids ...string) (a answer, all []change) {
	a = k.call(ctx, server, action, list("InstanceId", ids)...)
	if a.ok() {
		var out struct {
			Instances []change `xml:"instancesSet>item"`
		}
		k.parse(a, &out)
		return a, out.Instances
	}
	return a, nil
}

// list names the items of a list as parameters.
func list(name string, items []string) (params []string) {
	for n, item := range items {
		params = append(params, fmt.Sprintf("%s.%d", name, n+1), item)
	}
	return params
}

// persist calls until there is an answer that is neither unknown nor asks for another
// try. It is for what must succeed in the end.
func (k *client) persist(limit time.Duration, try func(ctx context.Context, server string) answer) answer {
	var a answer
	for end, n := time.Now().Add(limit), 0; time.Now().Before(end); n++ {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		a = try(ctx, k.c.servers[n%len(k.c.servers)].name)
		cancel()
		if !a.unknown && !a.again() {
			return a
		}
		time.Sleep(100 * time.Millisecond)
	}
	return a
}
