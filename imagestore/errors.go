package imagestore

import (
	"errors"
	"fmt"
	"syscall"
)

var (
	// ErrNotFound says that no image has the digest, or that no volume has the id.
	ErrNotFound = errors.New("not found")
	// ErrInUse says that volumes still refer to the image.
	ErrInUse = errors.New("in use")
	// ErrLocked says that another process has the store open.
	ErrLocked = errors.New("the image store is open in another process")
	// ErrDigest says that the bytes read are not those that the digest names.
	ErrDigest = errors.New("digest mismatch")
	// ErrNoSpace says that the file system is full; nothing is left behind.
	ErrNoSpace = errors.New("no space left")
	// ErrTooSmall says that a volume would be smaller than its image.
	ErrTooSmall = errors.New("the volume is smaller than its image")
	// ErrConflict says that the volume exists and is of another image.
	ErrConflict = errors.New("the volume exists and is of another image")
)

// A RefusedError says why an image may not be imported. No program but this one has
// looked at the image then, unless Rule is "qemu-img check".
type RefusedError struct {
	Rule   string // which check, in a few stable words: "backing file", "truncated", ...
	Reason string
}

// Error implements error.
func (e *RefusedError) Error() string { return "image refused (" + e.Rule + "): " + e.Reason }

func refuse(rule, format string, args ...any) error {
	return &RefusedError{Rule: rule, Reason: fmt.Sprintf(format, args...)}
}

// full turns a full file system's error into ErrNoSpace, and says where.
func full(dir string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w in %s: free some, or choose another data directory (%v)", ErrNoSpace, dir, err)
	}
	return err
}
