package wire

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"slices"

	"github.com/micacloud/mica/controlplane/wire/query"
	"github.com/micacloud/mica/controlplane/wire/xmlenc"
	"github.com/micacloud/mica/internal/apierr"
)

// Spec describes an action.
type Spec struct {
	Service string // "ec2" if empty
	Name    string
	// Mutates says that the handler writes; it then runs in an update, once, on the
	// leader.
	Mutates bool
	// Resource is what the action is about ("instance"), for authorisation.
	Resource string
	// Partial says what of the action is missing, for the coverage page. Empty means
	// that nothing is.
	Partial string
}

// Input is a generated request structure.
type Input interface {
	query.Decodable
	// AsksDryRun reports whether the request is a dry run, and whether the action has
	// that parameter.
	AsksDryRun() (asked, has bool)
	// Token returns the client token, and whether the action has that parameter.
	Token() (token *string, has bool)
}

// Action is a registered action. C is what handlers are called with.
type Action[C any] struct {
	Spec
	Of *Service

	newInput func() Input
	check    func(Input) error
	prepare  func(context.Context, Input) (any, error)
	handle   func(C, Input) (xmlenc.Appender, error)
	replay   func(C, string) (xmlenc.Appender, error)
}

// Registry holds the actions of all services.
type Registry[C any] struct {
	services map[string]*Service
	actions  map[string]*Action[C] // by service and name
}

// NewRegistry returns a registry without actions.
func NewRegistry[C any](services ...*Service) *Registry[C] {
	r := &Registry[C]{services: map[string]*Service{}, actions: map[string]*Action[C]{}}
	for _, s := range services {
		r.services[s.Name] = s
	}
	return r
}

// Handle registers an action. A name that AWS does not have, or one that is taken,
// is a mistake in the program and panics.
func Handle[C, In, Out any, PIn interface {
	*In
	Input
}, POut interface {
	*Out
	xmlenc.Appender
}](r *Registry[C], s Spec, handle func(C, *In) (*Out, error)) {
	HandlePrepared[C, In, Out, PIn, POut](r, s, nil, handle)
}

// HandlePrepared registers an action with a part that runs before the transaction:
// what is slow or random, such as making a key. The handler finds its result in the
// call's Prepared. It may run although the handler then refuses the request.
func HandlePrepared[C, In, Out any, PIn interface {
	*In
	Input
}, POut interface {
	*Out
	xmlenc.Appender
}](r *Registry[C], s Spec, prepare func(context.Context, *In) (any, error), handle func(C, *In) (*Out, error)) {
	if s.Service == "" {
		s.Service = EC2.Name
	}
	of := r.services[s.Service]
	if of == nil || !of.Knows(s.Name) {
		panic(fmt.Sprintf("wire: AWS has no action %s of %q, or the registry lacks the service", s.Name, s.Service))
	}
	if r.actions[key(s.Service, s.Name)] != nil {
		panic(fmt.Sprintf("wire: %s is registered twice", s.Name))
	}
	a := &Action[C]{
		Spec: s, Of: of,
		newInput: func() Input { return PIn(new(In)) },
		handle: func(c C, in Input) (xmlenc.Appender, error) {
			out, err := handle(c, (*In)(in.(PIn)))
			if err != nil {
				return nil, err
			}
			return POut(out), nil
		},
	}
	if prepare != nil {
		a.prepare = func(ctx context.Context, in Input) (any, error) { return prepare(ctx, (*In)(in.(PIn))) }
	}
	r.actions[key(s.Service, s.Name)] = a
}

// Check adds to a registered EC2 action a check of values that looks at nothing but
// the request. It runs before a dry run is answered, as EC2's does.
func Check[C, In any, PIn interface {
	*In
	Input
}](r *Registry[C], name string, check func(*In) error) {
	r.must(name).check = func(in Input) error { return check((*In)(in.(PIn))) }
}

// Replay says how to answer a repeated client token of an EC2 action from the id
// that the first call left in Made, where the answer is to show the present state
// of things. Other actions get the first answer again, byte for byte.
func Replay[C, Out any, POut interface {
	*Out
	xmlenc.Appender
}](r *Registry[C], name string, again func(C, string) (*Out, error)) {
	r.must(name).replay = func(c C, made string) (xmlenc.Appender, error) {
		out, err := again(c, made)
		if err != nil {
			return nil, err
		}
		return POut(out), nil
	}
}

func (r *Registry[C]) must(name string) *Action[C] {
	a := r.actions[key(EC2.Name, name)]
	if a == nil {
		panic(fmt.Sprintf("wire: %s is not registered yet", name))
	}
	return a
}

func key(service, name string) string { return service + ":" + name }

// Service returns the service that a credential scope names, or nil.
func (r *Registry[C]) Service(name string) *Service { return r.services[name] }

// Services yields the services in the order of their names.
func (r *Registry[C]) Services() iter.Seq[*Service] {
	return func(yield func(*Service) bool) {
		for _, name := range slices.Sorted(maps.Keys(r.services)) {
			if !yield(r.services[name]) {
				return
			}
		}
	}
}

// Actions yields the registered actions in the order of service and name.
func (r *Registry[C]) Actions() iter.Seq[*Action[C]] {
	return func(yield func(*Action[C]) bool) {
		for _, k := range slices.Sorted(maps.Keys(r.actions)) {
			if !yield(r.actions[k]) {
				return
			}
		}
	}
}

// Find returns an action, or the error that EC2 has for a name without one.
func (r *Registry[C]) Find(service *Service, name string) (*Action[C], error) {
	if name == "" {
		return nil, apierr.New("MissingAction", "The request must contain the parameter Action.")
	}
	if a := r.actions[key(service.Name, name)]; a != nil {
		return a, nil
	}
	if service.Knows(name) {
		return nil, apierr.New("UnsupportedOperation", "The operation %s is not supported.", name)
	}
	return nil, apierr.New("InvalidAction", "The action %s is not valid for this web service.", clip(name))
}

// Decode reads the action's request from a form, which must hold the action's own
// parameters and nothing else.
func (a *Action[C]) Decode(form url.Values) (Input, error) {
	tree, err := query.Parse(form)
	if err != nil {
		return nil, err
	}
	in := a.newInput()
	if err := query.Decode(tree, in); err != nil {
		return nil, err
	}
	if token, _ := in.Token(); token != nil && !validToken(*token) {
		return nil, apierr.New("InvalidParameterValue", "The value of parameter ClientToken is invalid. Expecting up to 64 ASCII characters.")
	}
	if a.check != nil {
		return in, a.check(in)
	}
	return in, nil
}

// HasDryRun reports whether the action has the parameter DryRun.
func (a *Action[C]) HasDryRun() bool { _, has := a.newInput().AsksDryRun(); return has }

// HasToken reports whether the action has the parameter ClientToken.
func (a *Action[C]) HasToken() bool { _, has := a.newInput().Token(); return has }

// Prepare runs what the action does ahead of the transaction.
func (a *Action[C]) Prepare(ctx context.Context, in Input) (any, error) {
	if a.prepare == nil {
		return nil, nil
	}
	return a.prepare(ctx, in)
}

// Call runs the handler.
func (a *Action[C]) Call(c C, in Input) (xmlenc.Appender, error) { return a.handle(c, in) }

// Replay answers a repeated client token from what the first call made; ok is false
// if the action has no way of its own.
func (a *Action[C]) Replay(c C, made string) (out xmlenc.Appender, ok bool, err error) {
	if a.replay == nil || made == "" {
		return nil, false, nil
	}
	out, err = a.replay(c, made)
	return out, true, err
}

// clip bounds what a message repeats of a client's input.
func clip(s string) string {
	if len(s) > 100 {
		return s[:100] + "..."
	}
	return s
}

// Replays reports whether the action has its own way to answer a repeated token.
func (a *Action[C]) Replays() bool { return a.replay != nil }
