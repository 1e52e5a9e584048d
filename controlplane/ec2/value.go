package ec2

import (
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

// owner is whom a call's new rows belong to.
func owner(c *action.Call) model.Owned { return model.Owned{Account: c.Account, Region: c.Region} }

// orDefault returns what p points to, or def.
func orDefault[T any](p *T, def T) T {
	if p == nil {
		return def
	}
	return *p
}

// oneOf refuses a value that is not among the allowed. Nil is allowed.
func oneOf(parameter string, value *string, allowed ...string) error {
	if value == nil || slices.Contains(allowed, *value) {
		return nil
	}
	return apierr.New("InvalidParameterValue", "Value (%s) for parameter %s is invalid. Expecting one of: %s.", clip(*value), parameter, strings.Join(allowed, ", "))
}

// tagsOrEmpty is toTags for answers in which EC2 shows an empty set too.
func tagsOrEmpty(t model.Tags) []*gen.Tag {
	if tags := toTags(t); tags != nil {
		return tags
	}
	return []*gen.Tag{}
}
