package clustertest

import (
	"os"
	"strconv"
)

// rounds is how often a test does its harm: once, or MICA_ROUNDS times for a soak.
func rounds() int {
	if n, err := strconv.Atoi(os.Getenv("MICA_ROUNDS")); err == nil && n > 0 {
		return n
	}
	return 1
}
