// Package boot brings one boot of an instance from its assignment to its end.
//
// PlanBoot decides: from what is wanted and what is seen it makes the list of steps
// that remain, as plain values. Executor looks, plans, does the first step, and
// leaves the rest to the next call, so that stopping between any two steps costs
// nothing but time. See DESIGN.md beside this file for the invariants.
package boot
