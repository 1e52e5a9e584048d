package ec2

import (
	"regexp"
	"strings"

	"github.com/micacloud/mica/internal/apierr"
)

// label is a part of a host name (RFC 1123, 2.1).
var label = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`)

// maxHostName is the length of a name in DNS without its last dot.
const maxHostName = 253

// hostName reads a full domain name, and returns it with its last dot.
func hostName(s string) (string, error) {
	name := strings.TrimSuffix(s, ".")
	labels := strings.Split(name, ".")
	good := len(labels) > 1 && len(name) <= maxHostName
	for _, l := range labels {
		good = good && label.MatchString(l)
	}
	if !good {
		return "", apierr.New("InvalidParameterValue", "Value (%s) for parameter domainName is invalid. It is not a full domain name.", clip(s))
	}
	return strings.ToLower(name) + ".", nil
}
