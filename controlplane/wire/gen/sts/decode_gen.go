// Code generated from models/apis/sts/2011-06-15/api-2.json of github.com/aws/aws-sdk-go@v1.55.8; DO NOT EDIT.

package sts

import "github.com/micacloud/mica/controlplane/wire/query"

// DecodeQuery implements query.Decodable.
func (v *AssumeRoleRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "RoleArn":
			v.RoleArn = d.String(k)
			d.Length(k, v.RoleArn, 20, 2048)
		case "RoleSessionName":
			v.RoleSessionName = d.String(k)
			d.Length(k, v.RoleSessionName, 2, 64)
		case "PolicyArns":
			v.PolicyArns = []*PolicyDescriptorType{}
			for _, k := range d.Items(k, "member") {
				e := new(PolicyDescriptorType)
				e.DecodeQuery(d, k)
				v.PolicyArns = append(v.PolicyArns, e)
			}
		case "Policy":
			v.Policy = d.String(k)
			d.Length(k, v.Policy, 1, 2147483647)
		case "DurationSeconds":
			v.DurationSeconds = d.Int(k, 32)
			d.InRange(k, v.DurationSeconds, 900, 43200)
		case "Tags":
			v.Tags = []*Tag{}
			for _, k := range d.Items(k, "member") {
				e := new(Tag)
				e.DecodeQuery(d, k)
				v.Tags = append(v.Tags, e)
			}
			d.Count(k, len(v.Tags), 0, 50)
		case "TransitiveTagKeys":
			v.TransitiveTagKeys = []string{}
			for _, k := range d.Items(k, "member") {
				if e := d.String(k); e != nil {
					v.TransitiveTagKeys = append(v.TransitiveTagKeys, *e)
				}
			}
			d.Count(k, len(v.TransitiveTagKeys), 0, 50)
		case "ExternalId":
			v.ExternalId = d.String(k)
			d.Length(k, v.ExternalId, 2, 1224)
		case "SerialNumber":
			v.SerialNumber = d.String(k)
			d.Length(k, v.SerialNumber, 9, 256)
		case "TokenCode":
			v.TokenCode = d.String(k)
			d.Length(k, v.TokenCode, 6, 6)
		case "SourceIdentity":
			v.SourceIdentity = d.String(k)
			d.Length(k, v.SourceIdentity, 2, 64)
		case "ProvidedContexts":
			v.ProvidedContexts = []*ProvidedContext{}
			for _, k := range d.Items(k, "member") {
				e := new(ProvidedContext)
				e.DecodeQuery(d, k)
				v.ProvidedContexts = append(v.ProvidedContexts, e)
			}
			d.Count(k, len(v.ProvidedContexts), 0, 5)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.RoleArn != nil, n, "RoleArn")
	d.Require(v.RoleSessionName != nil, n, "RoleSessionName")
}

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

// DecodeQuery implements query.Decodable.
func (v *PolicyDescriptorType) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "arn":
			v.Arn = d.String(k)
			d.Length(k, v.Arn, 20, 2048)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *ProvidedContext) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "ProviderArn":
			v.ProviderArn = d.String(k)
			d.Length(k, v.ProviderArn, 20, 2048)
		case "ContextAssertion":
			v.ContextAssertion = d.String(k)
			d.Length(k, v.ContextAssertion, 4, 2048)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *Tag) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Key":
			v.Key = d.String(k)
			d.Length(k, v.Key, 1, 128)
		case "Value":
			v.Value = d.String(k)
			d.Length(k, v.Value, 0, 256)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.Key != nil, n, "Key")
	d.Require(v.Value != nil, n, "Value")
}

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *AssumeRoleRequest) AsksDryRun() (asked, has bool) { return false, false }

// Token returns the client token, and whether the action has such a parameter.
func (v *AssumeRoleRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *GetCallerIdentityRequest) AsksDryRun() (asked, has bool) { return false, false }

// Token returns the client token, and whether the action has such a parameter.
func (v *GetCallerIdentityRequest) Token() (token *string, has bool) { return nil, false }
