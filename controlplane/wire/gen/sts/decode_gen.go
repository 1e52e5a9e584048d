// Code generated from models/apis/sts/2011-06-15/api-2.json of github.com/aws/aws-sdk-go@v1.55.8; DO NOT EDIT.

package sts

import "github.com/micacloud/mica/controlplane/wire/query"

// DecodeQuery implements query.Decodable.
func (v *GetCallerIdentityRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		default:
			d.Unknown(k)
		}
	}
}

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *GetCallerIdentityRequest) AsksDryRun() (asked, has bool) { return false, false }

// Token returns the client token, and whether the action has such a parameter.
func (v *GetCallerIdentityRequest) Token() (token *string, has bool) { return nil, false }
