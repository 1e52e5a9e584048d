// Code generated from models/apis/sts/2011-06-15/api-2.json of github.com/aws/aws-sdk-go@v1.55.8; DO NOT EDIT.

package sts

import "github.com/micacloud/mica/controlplane/wire/xmlenc"

// AppendXML implements xmlenc.Appender.
func (v *AssumeRoleResponse) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Credentials != nil {
		b = append(b, "<Credentials>"...)
		b = v.Credentials.AppendXML(b)
		b = append(b, "</Credentials>"...)
	}
	if v.AssumedRoleUser != nil {
		b = append(b, "<AssumedRoleUser>"...)
		b = v.AssumedRoleUser.AppendXML(b)
		b = append(b, "</AssumedRoleUser>"...)
	}
	b = xmlenc.Int(b, "<PackedPolicySize>", v.PackedPolicySize)
	b = xmlenc.String(b, "<SourceIdentity>", v.SourceIdentity)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AssumedRoleUser) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<AssumedRoleId>", v.AssumedRoleId)
	b = xmlenc.String(b, "<Arn>", v.Arn)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Credentials) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<AccessKeyId>", v.AccessKeyId)
	b = xmlenc.String(b, "<SecretAccessKey>", v.SecretAccessKey)
	b = xmlenc.String(b, "<SessionToken>", v.SessionToken)
	b = xmlenc.Time(b, "<Expiration>", v.Expiration)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *GetCallerIdentityResponse) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<UserId>", v.UserId)
	b = xmlenc.String(b, "<Account>", v.Account)
	b = xmlenc.String(b, "<Arn>", v.Arn)
	return b
}
