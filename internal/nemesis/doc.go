// Package nemesis tests the whole control plane with its hosts in synctest bubbles: real
// Raft, store, actions, dispatch, control loops and agents, on simulated disks,
// hypervisors, clocks and a simulated network, under faults that follow from a seed, and
// in scenarios that people can read. It has tests alone; DESIGN.md says how they work.
package nemesis
