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

// Minimal has, by action, a smallest request that its type takes: what the model
// requires and no more, with values that mean nothing.
var Minimal = map[string]string{
	"GetCallerIdentity": "",
	"AssumeRole":        "RoleArn=xxxxxxxxxxxxxxxxxxxx&RoleSessionName=xx",
}
