package nemesis

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/micacloud/mica/hostagent/hypervisor/sim"
)

// A scenario is a txtar file whose comment is the script: a command a line, # for words to
// the reader. DESIGN.md lists the commands. A line that ends in & goes on in the
// background, until `wait`. When the script is over all faults end, and the cloud must
// settle as after a random run.

// script runs one scenario.
type script struct {
	c     *cluster
	n     *nemesis
	w     *workload
	k     *client
	words map[string]string // $name
	bg    sync.WaitGroup
}

// command is one kind of line; it gets the line's words after its own.
type command func(s *script, args words) error

var commands = map[string]command{
	"run": (*script).launch, "again": (*script).again, "race": (*script).race,
	"stop": changing("StopInstances"), "boot": changing("StartInstances"), "terminate": changing("TerminateInstances"),
	"plug": (*script).plug, "unplug": (*script).unplug, "attachment": (*script).attachment,
	"migrate": (*script).migrate, "drain": (*script).drain,
	"expect": (*script).expect, "unanswered": (*script).unanswered,
	"settle":                (*script).settle,
	"hand-over-to-the-dead": func(s *script, _ words) error { s.n.handOver(); return nil },
	"sleep":                 func(s *script, a words) error { time.Sleep(a.duration(0)); return a.err },
	"wait":                  func(s *script, _ words) error { s.bg.Wait(); return nil },
	"let":                   func(s *script, a words) error { s.words["$"+a.word(0)] = s.name(a.word(1)); return a.err },

	"partition": (*script).partition, "cut": (*script).cut,
	"heal":    func(s *script, _ words) error { s.n.heal(); return nil },
	"isolate": onServer((*nemesis).isolate), "mute": onServer((*nemesis).mute), "deafen": onServer((*nemesis).deafen),
	"crash":    onServer((*nemesis).crash),
	"halt":     onServer(func(n *nemesis, sv *server) { n.down[sv] = true; sv.stop() }),
	"restart":  (*script).restart,
	"transfer": onServer(func(_ *nemesis, sv *server) { sv.process().transfer() }),
	"snapshot": onServer(func(_ *nemesis, sv *server) { _ = sv.node().Snapshot() }),
	"disk":     func(s *script, a words) error { s.server(a.word(0)).slow.Store(int64(a.duration(1))); return a.err },
	"clock":    func(s *script, a words) error { s.server(a.word(0)).skew.Store(int64(a.duration(1))); return a.err },

	"off":   onHost(func(n *nemesis, h *host) { n.off[h] = true; h.powerOff() }),
	"on":    onHost(func(n *nemesis, h *host) { n.off[h] = false; h.powerOn() }),
	"agent": onHost(func(_ *nemesis, h *host) { h.stopAgent(); h.startAgent() }),
	"reset": onHost(func(n *nemesis, h *host) { n.reset(h) }),
	"repeat": func(s *script, a words) error {
		s.host(a.word(0)).repeat.Store(int64(a.number(1)))
		return a.err
	},
	"libvirtd": func(s *script, a words) error { s.host(a.word(0)).libvirt(a.word(1) == "back"); return a.err },
	"deaf":     onGuests(func(m *machine, instance string) bool { m.Inject(instance, sim.Fault{Deaf: true}); return true }),
	"kill":     onGuests((*machine).Crash), "poweroff": onGuests((*machine).PowerOff),
}

// TestScenarios plays the scripts in testdata.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d scenarios, %v", len(files), err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(f)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) { play(t, string(archive.Comment)) })
		})
	}
}

// play runs a script, and settles.
func play(t *testing.T, text string) {
	s := &script{words: map[string]string{}}
	defer func() {
		if s.c != nil {
			s.c.keepLog()
		}
	}()
	n := 0
	for line := range strings.Lines(text) {
		n++
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if err := s.line(t, fields); err != nil {
			t.Errorf("line %d, %s: %v", n, strings.TrimSpace(line), err)
			if s.c == nil {
				return
			}
			s.c.failed++
			break
		}
	}
	s.bg.Wait()
	s.n.calm()
	s.n.counter.finish()
	s.c.settle(s.w)
	s.w.h.check(s.c)
	t.Logf("%v simulated; %d calls, %d versions, %d change sets refused", time.Since(s.c.began).Round(time.Millisecond), len(s.w.h.ops), s.c.states.seen, s.c.refusals())
	s.k.http.CloseIdleConnections()
	s.c.close()
}

// line does one line.
func (s *script) line(t *testing.T, fields []string) error {
	if s.c == nil {
		return s.start(t, fields)
	}
	for n, f := range fields {
		for name, word := range s.words {
			f = strings.ReplaceAll(f, name, word)
		}
		fields[n] = f
	}
	s.c.note("%s", strings.Join(fields, " "))
	do := commands[fields[0]]
	if do == nil {
		return fmt.Errorf("there is no command %q", fields[0])
	}
	if last := len(fields) - 1; fields[last] == "&" {
		s.bg.Go(func() {
			if err := do(s, words{all: fields[1:last]}); err != nil {
				s.c.fail("%v: %v", fields, err)
			}
		})
		return nil
	}
	return do(s, words{all: fields[1:]})
}

// start is the first line: start 3 servers 4 hosts vcpus=4 memory=4096 pool=100.127.0.0/28
func (s *script) start(t *testing.T, fields []string) error {
	a := words{all: fields}
	if a.word(0) != "start" || a.word(2) != "servers" || a.word(4) != "hosts" {
		return fmt.Errorf("the first line is to be: start N servers M hosts")
	}
	z := size{servers: a.number(1), hosts: a.number(3), vcpus: a.option("vcpus", 4), memory: int64(a.option("memory", 4096)), pool: a.text("pool", "100.127.0.0/26"), storage: a.text("storage", ""), keep: uint64(a.option("keep", 1024))}
	if a.err != nil {
		return a.err
	}
	s.c = newCluster(t, 1, z)
	s.n, s.k = newNemesis(s.c), s.c.client("user")
	s.w = &workload{c: s.c, h: newHistory(), made: map[string]*made{}}
	return nil
}

// words are a line's. The first mistake is kept in err.
type words struct {
	all []string
	err error
}

func (a *words) word(n int) string {
	if n >= len(a.all) {
		a.err = fmt.Errorf("word %d is missing", n+1)
		return ""
	}
	return a.all[n]
}

func (a *words) number(n int) int {
	v, err := strconv.Atoi(a.word(n))
	if err != nil && a.err == nil {
		a.err = err
	}
	return v
}

func (a *words) duration(n int) time.Duration {
	d, err := time.ParseDuration(a.word(n))
	if err != nil && a.err == nil {
		a.err = err
	}
	return d
}

// text returns the value of name=value.
func (a *words) text(name, otherwise string) string {
	for _, w := range a.all {
		if v, ok := strings.CutPrefix(w, name+"="); ok {
			return v
		}
	}
	return otherwise
}

func (a *words) option(name string, otherwise int) int {
	v := a.text(name, "")
	if v == "" {
		return otherwise
	}
	n, err := strconv.Atoi(v)
	if err != nil && a.err == nil {
		a.err = err
	}
	return n
}

// within returns the time in `within 10s`, or how long one waits else.
func (a *words) within() time.Duration {
	if at := slices.Index(a.all, "within"); at >= 0 {
		return a.duration(at + 1)
	}
	return 30 * time.Second
}

// name is what a word stands for now: leader and follower are servers.
func (s *script) name(word string) string {
	switch word {
	case "leader":
		return s.c.leader().name
	case "follower":
		leader := s.c.leader()
		for _, o := range s.c.servers {
			if o != leader && o.node() != nil {
				return o.name
			}
		}
	}
	return word
}

func (s *script) server(word string) *server {
	name := s.name(word)
	for _, o := range s.c.servers {
		if o.name == name {
			return o
		}
	}
	s.c.t.Fatalf("there is no server %q", word)
	return nil
}

func (s *script) host(word string) *host {
	for _, h := range s.c.hosts {
		if h.name == word {
			return h
		}
	}
	s.c.t.Fatalf("there is no host %q", word)
	return nil
}

func onServer(do func(*nemesis, *server)) command {
	return func(s *script, a words) error {
		for _, w := range a.all {
			do(s.n, s.server(w))
		}
		return nil
	}
}

func onHost(do func(*nemesis, *host)) command {
	return func(s *script, a words) error {
		for _, w := range a.all {
			do(s.n, s.host(w))
		}
		return nil
	}
}

// onGuests does something to the guests of a run, wherever they are.
func onGuests(do func(*machine, string) bool) command {
	return func(s *script, a words) error {
		ids, done := s.w.of(a.word(0)).ids, 0
		for _, h := range s.c.hosts {
			for _, g := range h.guests() {
				if slices.Contains(ids, g.Instance) && do(h.on(), g.Instance) {
					done++
				}
			}
		}
		if done != len(ids) {
			return fmt.Errorf("%d of %d guests are running", done, len(ids))
		}
		return a.err
	}
}

func (s *script) restart(a words) error {
	for _, o := range s.c.servers {
		if len(a.all) == 0 || a.all[0] == "all" || slices.Contains(a.all, o.name) {
			if s.n.down[o] {
				s.n.down[o] = false
				o.start(o == s.c.servers[0])
			}
		}
	}
	return nil
}

// partition: s1 h1 | s2 s3. Who is not named reaches all.
func (s *script) partition(a words) error {
	side := 0
	of := map[string]int{}
	for _, w := range a.all {
		if w == "|" {
			side++
			continue
		}
		of[s.name(w)] = side
	}
	for x, i := range of {
		for y, j := range of {
			if i != j {
				s.c.net.Cut(x, y)
			}
		}
	}
	return nil
}

// cut: s1 -> s2
func (s *script) cut(a words) error {
	if a.word(1) != "->" {
		return fmt.Errorf("cut A -> B")
	}
	s.c.net.Cut(s.name(a.word(0)), s.name(a.word(2)))
	return a.err
}

func (s *script) settle(words) error {
	s.c.settle(s.w)
	return nil
}

// unanswered: that server tells a user nothing.
func (s *script) unanswered(a words) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if out, _ := s.k.describe(ctx, s.name(a.word(0))); !out.unknown && !out.again() {
		return fmt.Errorf("it answered %q %s", out.code, out.body)
	}
	return a.err
}
