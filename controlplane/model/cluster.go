package model

import "time"

// Server is a server of the cluster: where the others reach it, as it said itself.
type Server struct {
	ID      string
	Name    string // for people
	Address string // of its cluster port
	Version string
	Joined  time.Time
}

// Membership says that a server or a host was given a certificate, and whether it is
// still good. Rows of removed members stay until the last certificate of theirs has ended.
type Membership struct {
	ID     string // the server's or the host's
	Role   string // server or host
	CA     string // digest of the authority that signed
	Joined time.Time
	// Removed is when the member was shut out; zero while it is in.
	Removed time.Time
}

// JoinToken lets its holder join. The secret itself is kept nowhere.
type JoinToken struct {
	ID      string
	Hash    string // SHA-256 of the secret, in hex
	Role    string // server or host
	Host    string // the one host that may use it; empty for any
	Created time.Time
	Expires time.Time
	Revoked bool
	// Used is when it was used first, and UsedBy by whom. A host's is good once; the same
	// key may ask again, as the answer may have been lost.
	Used    time.Time
	UsedBy  string
	UsedKey string // digest of the key that was signed
}

// Shut says why a token cannot be used at a time; empty if it can.
func (t *JoinToken) Shut(now time.Time) (why string) {
	switch {
	case t.Revoked:
		return "it was revoked"
	case !now.Before(t.Expires):
		return "it expired at " + t.Expires.UTC().Format(time.RFC3339)
	}
	return ""
}
