// Package cluster makes servers one cluster: the one port with its TLS, joining by
// token, the way from a follower to the leader, and the upkeep of members. DESIGN.md in
// this folder says what it promises.
package cluster
