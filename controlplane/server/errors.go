package server

import (
	"context"
	"errors"
	"net/http"

	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
)

var (
	errOverloaded = apierr.WithStatus(http.StatusServiceUnavailable, "Unavailable", "The server is overloaded. Please try again shortly.")
	errThrottled  = apierr.WithStatus(http.StatusServiceUnavailable, "RequestLimitExceeded", "Request limit exceeded.")
	errDryRun     = apierr.WithStatus(http.StatusPreconditionFailed, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.")
	errMismatch   = apierr.New("IdempotentParameterMismatch", "The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different parameters.")
)

func errTooLarge(limit int64) error {
	return apierr.WithStatus(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "The request's body is larger than the limit of %d bytes.", limit)
}

func bodyError(err error, limit int64) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errTooLarge(limit)
	}
	return apierr.New("MalformedQueryString", "The request's body could not be read.")
}

// clientError turns any error into what the client is told. own reports whether the
// fault is the server's, and so is to be logged.
func clientError(err error) (e *apierr.Error, own bool) {
	if e, ok := errors.AsType[*apierr.Error](err); ok {
		return e, e.Status >= 500 && e.Status != http.StatusServiceUnavailable
	}
	switch {
	case errors.Is(err, store.ErrNotLeader):
		return apierr.WithStatus(http.StatusServiceUnavailable, "Unavailable", "The server is not able to take changes at the moment. Nothing was changed. Please try again shortly."), false
	case errors.Is(err, store.ErrUnknownOutcome):
		return apierr.WithStatus(http.StatusInternalServerError, "InternalError", "The request may or may not have been carried out. Ask again with the same ClientToken, or look first."), true
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return apierr.WithStatus(http.StatusServiceUnavailable, "Unavailable", "The request took too long. Please try again."), false
	}
	return apierr.From(err), true
}
