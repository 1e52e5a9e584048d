package kernel

import "errors"

// ErrCrash is what a Kernel of CrashAfter dies of.
var ErrCrash = errors.New("crash")

// CrashAfter has the Kernel do n more steps and no other.
func (k *Kernel) CrashAfter(n int) {
	k.crash = func() error {
		if n == 0 {
			return ErrCrash
		}
		n--
		return nil
	}
}
