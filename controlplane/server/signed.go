package server

import (
	"net/http"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/auth"
)

// Signed is the Authenticator that checks signatures.
func Signed(v *auth.Verifier) Authenticator { return signed{v} }

type signed struct{ *auth.Verifier }

// Authenticate implements Authenticator.
func (s signed) Authenticate(r *http.Request, body []byte) (action.Identity, error) {
	id, err := s.Verify(r, body)
	if err != nil {
		return action.Identity{}, err
	}
	who := action.Identity{Account: id.Account, User: "root", AccessKey: id.AccessKey, Region: id.Region, Service: id.Service}
	if _, user, ok := strings.Cut(id.ARN, ":user/"); ok {
		who.User = user
	}
	return who, nil
}
