// Code generated from models/apis/sts/2011-06-15/api-2.json of github.com/aws/aws-sdk-go@v1.55.8; DO NOT EDIT.

package sts

import "time"

// AssumeRoleRequest is the structure of that name in the model.
type AssumeRoleRequest struct {
	RoleArn           *string
	RoleSessionName   *string
	PolicyArns        []*PolicyDescriptorType
	Policy            *string
	DurationSeconds   *int64
	Tags              []*Tag
	TransitiveTagKeys []string
	ExternalId        *string
	SerialNumber      *string
	TokenCode         *string
	SourceIdentity    *string
	ProvidedContexts  []*ProvidedContext
}

// AssumeRoleResponse is the structure of that name in the model.
type AssumeRoleResponse struct {
	Credentials      *Credentials     `xml:"Credentials"`
	AssumedRoleUser  *AssumedRoleUser `xml:"AssumedRoleUser"`
	PackedPolicySize *int64           `xml:"PackedPolicySize"`
	SourceIdentity   *string          `xml:"SourceIdentity"`
}

// AssumedRoleUser is the structure of that name in the model.
type AssumedRoleUser struct {
	AssumedRoleId *string `xml:"AssumedRoleId"`
	Arn           *string `xml:"Arn"`
}

// Credentials is the structure of that name in the model.
type Credentials struct {
	AccessKeyId     *string    `xml:"AccessKeyId"`
	SecretAccessKey *string    `xml:"SecretAccessKey"`
	SessionToken    *string    `xml:"SessionToken"`
	Expiration      *time.Time `xml:"Expiration"`
}

// GetCallerIdentityRequest is the structure of that name in the model.
type GetCallerIdentityRequest struct {
}

// GetCallerIdentityResponse is the structure of that name in the model.
type GetCallerIdentityResponse struct {
	UserId  *string `xml:"UserId"`
	Account *string `xml:"Account"`
	Arn     *string `xml:"Arn"`
}

// PolicyDescriptorType is the structure of that name in the model.
type PolicyDescriptorType struct {
	Arn *string
}

// ProvidedContext is the structure of that name in the model.
type ProvidedContext struct {
	ProviderArn      *string
	ContextAssertion *string
}

// Tag is the structure of that name in the model.
type Tag struct {
	Key   *string
	Value *string
}
