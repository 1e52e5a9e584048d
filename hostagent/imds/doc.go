// Package imds serves EC2's instance metadata, versions 1 and 2, to the guests of a
// host. It listens on 169.254.169.254:80 inside each VPC's network namespace, so that
// a caller is known by its VPC and source address and cannot be taken for another
// VPC's; anti-spoofing in the network binds the address to the guest's own interface.
//
// DESIGN.md in this folder says why the hop limit, the tokens and the tree are made
// as they are.
package imds
