// Code generated from models/apis/sts/2011-06-15/api-2.json of github.com/aws/aws-sdk-go@v1.55.8; DO NOT EDIT.

package sts_test

import (
	"github.com/micacloud/mica/controlplane/wire/gen/sts"
	"github.com/micacloud/mica/controlplane/wire/query"
	"github.com/micacloud/mica/controlplane/wire/xmlenc"
)

var table = map[string]func() (query.Decodable, xmlenc.Appender){
	"GetCallerIdentity": func() (query.Decodable, xmlenc.Appender) {
		return new(sts.GetCallerIdentityRequest), new(sts.GetCallerIdentityResponse)
	},
	"AssumeRole": func() (query.Decodable, xmlenc.Appender) {
		return new(sts.AssumeRoleRequest), new(sts.AssumeRoleResponse)
	},
}
