package wire

import (
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/controlplane/wire/gen/sts"
	"github.com/micacloud/mica/controlplane/wire/xmlenc"
	"github.com/micacloud/mica/internal/apierr"
)

// Protocol is how a service writes requests and answers.
type Protocol int

// The protocols. They differ in the names of lists' items and in what surrounds an
// answer.
const (
	EC2Query Protocol = iota
	AWSQuery
)

// Service is an AWS service as its published model describes it.
type Service struct {
	Name       string // as in the credential scope of a signature
	Protocol   Protocol
	Namespace  string
	Version    string
	Operations []string          // all that AWS has, sorted
	Minimal    map[string]string // by action, a smallest request that its type takes
}

// The services that Mica speaks.
var (
	EC2 = &Service{
		Name: "ec2", Protocol: EC2Query, Version: gen.APIVersion, Operations: gen.Operations, Minimal: gen.Minimal,
		Namespace: gen.Namespace + "/", // the model lacks the slash that EC2 sends
	}
	STS = &Service{
		Name: "sts", Protocol: AWSQuery, Version: sts.APIVersion, Operations: sts.Operations, Minimal: sts.Minimal,
		Namespace: sts.Namespace,
	}
)

// Knows reports whether AWS has an action of that name.
func (s *Service) Knows(name string) bool {
	_, ok := slices.BinarySearch(s.Operations, name)
	return ok
}

const prologue = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// AppendAnswer appends the answer to an action.
func (s *Service) AppendAnswer(b []byte, action, requestID string, out xmlenc.Appender) []byte {
	b = append(b, prologue+"<"...)
	b = append(b, action...)
	b = append(b, `Response xmlns="`...)
	b = append(b, s.Namespace...)
	b = append(b, `">`...)
	if s.Protocol == EC2Query {
		b = xmlenc.Text(b, "<requestId>", requestID)
		b = out.AppendXML(b)
	} else {
		b = append(b, "<"+action+"Result>"...)
		b = out.AppendXML(b)
		b = append(b, "</"+action+"Result><ResponseMetadata>"...)
		b = xmlenc.Text(b, "<RequestId>", requestID)
		b = append(b, "</ResponseMetadata>"...)
	}
	return append(b, "</"+action+"Response>"...)
}

// AppendError appends an error as the service's clients expect it.
func (s *Service) AppendError(b []byte, e *apierr.Error, requestID string) []byte {
	b = append(b, prologue...)
	if s.Protocol == EC2Query {
		b = append(b, "<Response><Errors><Error>"...)
		b = xmlenc.Text(b, "<Code>", e.Code)
		b = xmlenc.Text(b, "<Message>", e.Message)
		b = append(b, "</Error></Errors>"...)
		b = xmlenc.Text(b, "<RequestID>", requestID)
		return append(b, "</Response>"...)
	}
	fault := "Sender"
	if e.Status >= 500 {
		fault = "Receiver"
	}
	b = append(b, `<ErrorResponse xmlns="`+s.Namespace+`"><Error>`...)
	b = xmlenc.Text(b, "<Type>", fault)
	b = xmlenc.Text(b, "<Code>", e.Code)
	b = xmlenc.Text(b, "<Message>", e.Message)
	b = append(b, "</Error>"...)
	b = xmlenc.Text(b, "<RequestId>", requestID)
	return append(b, "</ErrorResponse>"...)
}

// validToken reports whether a client token is one that EC2 takes: up to 64
// printable ASCII characters.
func validToken(s string) bool {
	return len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}
