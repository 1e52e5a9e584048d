// Package dns is the resolver that each VPC has at its base address plus two and at
// 169.254.169.253. It answers for the VPC's private names, forward and reverse, from
// the host's assignments, and passes other names on to the host's own resolvers.
// Nothing of one VPC is ever told to another: each has its own names and its own
// cache.
package dns
