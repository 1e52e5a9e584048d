// Package apierr holds the errors that a client of the API may see: EC2's own
// codes with a message that says what, why and what to do.
package apierr

import (
	"errors"
	"fmt"
	"net/http"
)

// Error is an answer to a client. Code is EC2's, Status the HTTP status that EC2 sends with it.
type Error struct {
	Code    string
	Message string
	Status  int
}

// Error implements error.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// New returns a client error (HTTP 400) with a formatted message.
func New(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Status: http.StatusBadRequest}
}

// WithStatus returns a client error with another HTTP status.
func WithStatus(status int, code, format string, args ...any) *Error {
	e := New(code, format, args...)
	e.Status = status
	return e
}

// From returns the client error within err; any other error is the server's own
// fault (InternalError, 500) and its text is not for clients.
func From(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Code: "InternalError", Message: "An internal error has occurred. The server's log has it under this request id.", Status: http.StatusInternalServerError}
}

// Is reports whether err carries code.
func Is(err error, code string) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Code == code
}
