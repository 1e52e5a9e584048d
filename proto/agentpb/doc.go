// Package agentpb is the Go code of agent.proto, made by go generate.
package agentpb
