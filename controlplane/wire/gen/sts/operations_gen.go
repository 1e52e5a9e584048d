// Code generated from models/apis/sts/2011-06-15/api-2.json of github.com/aws/aws-sdk-go@v1.55.8; DO NOT EDIT.

package sts

// The service as its answers and requests name it.
const (
	APIVersion = "2011-06-15"
	Namespace  = "https://sts.amazonaws.com/doc/2011-06-15/"
)

// Operations are all actions of the service, whether Mica has them or not.
var Operations = []string{
	"AssumeRole",
	"AssumeRoleWithSAML",
	"AssumeRoleWithWebIdentity",
	"DecodeAuthorizationMessage",
	"GetAccessKeyInfo",
	"GetCallerIdentity",
	"GetFederationToken",
	"GetSessionToken",
}

// Generated are the actions whose types this package holds.
var Generated = []string{
	"GetCallerIdentity",
	"AssumeRole",
}

// Required are the parameters that an action cannot do without, by its name.
var Required = map[string][]string{
	"AssumeRole": []string{"RoleArn", "RoleSessionName"},
}
