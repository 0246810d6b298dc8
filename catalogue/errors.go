package catalogue

import (
	"errors"
	"fmt"
	"strings"
)

// ErrorKind says what a caller can do about an error; web has one table from it to a status.
type ErrorKind int

// The kinds of errors; the zero Kind is Internal.
const (
	Internal        ErrorKind = iota // our fault; the detail is for the log only
	Invalid                          // what was entered breaks a rule: see Fields
	NotFound                         // not there, or not for this actor's eyes
	Conflict                         // somebody else changed it, or it is being imported
	Forbidden                        // seen, but not this actor's to do
	Unauthenticated                  // sign in first
	TooLarge                         // over a limit
	Unavailable                      // try again later: the store is full, closed or locked
)

// FieldError is one thing wrong with one field, in words that say what to do.
type FieldError struct {
	Field   string `json:"field"` // the field's name in forms and files, such as window_end
	Message string `json:"message"`
}

// Error is the one error type of the catalogue's rules; use errors.As, or KindOf.
type Error struct {
	Kind    ErrorKind
	Message string       // for the person who asked: no internals
	Fields  []FieldError // in the order of the form; only for Invalid
	Err     error        // the cause, for the log
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Field, f.Message)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the first *Error in err's chain; Internal for any other error.
func KindOf(err error) ErrorKind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// FieldsOf lists the field errors of an Invalid error, in the order of the form; nil for any other.
func FieldsOf(err error) []FieldError {
	var e *Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}

func notFound(what string) error { return &Error{Kind: NotFound, Message: what + " not found"} }

func conflict(message string) error { return &Error{Kind: Conflict, Message: message} }

func forbidden(message string) error { return &Error{Kind: Forbidden, Message: message} }

// check collects field errors in order; its err is nil when there are none.
type check struct{ fields []FieldError }

func (c *check) that(ok bool, field, message string) {
	if !ok {
		c.fields = append(c.fields, FieldError{field, message})
	}
}

func (c *check) err(what string) error {
	if len(c.fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: "There is a problem with this " + what, Fields: c.fields}
}
