// Package gen holds the request and response types of the EC2 actions that Mica
// answers, and the names of all that EC2 has. Everything but this file is
// generated from Amazon's published API models: types and members are named as
// the models name them, scalars are pointers, and each type knows how to read
// itself from a request (DecodeQuery) or append itself to an answer (AppendXML).
//
// A new action is a line in actions.txt and a "make generate".
package gen

//go:generate go run github.com/micacloud/mica/controlplane/wire/internal/generate -actions actions.txt -out .
