// Code generated from models/apis/sts/2011-06-15/api-2.json of github.com/aws/aws-sdk-go@v1.55.8; DO NOT EDIT.

package sts

import "github.com/micacloud/mica/controlplane/wire/xmlenc"

// AppendXML implements xmlenc.Appender.
func (v *GetCallerIdentityResponse) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "UserId", v.UserId)
	b = xmlenc.String(b, "Account", v.Account)
	b = xmlenc.String(b, "Arn", v.Arn)
	return b
}
