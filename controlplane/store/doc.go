// Package store keeps the control plane's rows and says how a change of them
// becomes bytes and back: tables, transactions, change sets, snapshots.
//
// An update is a closure over a transaction. It runs once, on the leader (Line);
// what is replicated is the rows it wrote (Entry), and every replica applies those
// (Replica). Package consensus puts a Raft log between the two; Memory puts nothing
// there, for tests. DESIGN.md in this folder explains the rules.
//
// Rows are kept encoded, in the trees of package tree.
package store
