// Package consensus puts a Raft log between the store's updates and its replicas.
//
// Node is one server's part: on every server it applies what the log commits, on the
// leader it runs updates one after the other, packs what they wrote into entries, and
// answers when those are committed. It is a store.DB. DESIGN.md in this folder says what
// it promises and why it can.
//
// This is the only package that imports hashicorp/raft and raft-wal.
package consensus
