//go:build race

package wirebench

const raceEnabled = true
