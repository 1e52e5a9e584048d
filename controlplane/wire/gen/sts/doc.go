// Package sts holds the generated types of AWS STS; see package gen.
package sts
