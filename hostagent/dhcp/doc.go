// Package dhcp answers the DHCPv4 requests of a host's guests straight from their
// assignments: a MAC has the one address that its interface was given, so there are no
// leases to keep, nothing to lose in a restart and nothing to run out of.
//
// A server listens on each subnet's bridge with a packet socket, so that it sees who
// really sent a request and can answer a guest that has no address yet.
package dhcp
