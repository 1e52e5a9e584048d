// Code generated from models/apis/sts/2011-06-15/api-2.json of github.com/aws/aws-sdk-go@v1.55.8; DO NOT EDIT.

package sts

// GetCallerIdentityRequest is the structure of that name in the model.
type GetCallerIdentityRequest struct {
}

// GetCallerIdentityResponse is the structure of that name in the model.
type GetCallerIdentityResponse struct {
	UserId  *string
	Account *string
	Arn     *string
}
