// Package plan turns what of VPCs is on a host into the kernel state it needs:
// namespaces, links, routes, sets and filter chains as plain values. It is pure:
// equal input gives equal output, and it touches nothing.
package plan

import "errors"

// Build makes the desired kernel state of a host. A VPC whose input makes no sense
// is kept as it is and named in Warnings; an error means the host as a whole.
func Build(h Host) (Desired, error) {
	return Desired{}, errors.New("netplane/plan: not there yet")
}
