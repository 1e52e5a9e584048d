// Package proto has the protocol between agents and servers; the Go code made from
// it is in agentpb.
package proto

//go:generate go run ./internal/generate
