package lpradapter

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

// PanicError is the error of a handler, or of a body, that panicked.
type PanicError struct {
	// Value is what was passed to panic.
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// failure is why an item has no proper answer, and where it went wrong.
type failure struct {
	phase Phase
	cause error
}

func (f *failure) Error() string { return f.cause.Error() }
func (f *failure) Unwrap() error { return f.cause }

// expiredError is the cause of a context that ended because time was short.
type expiredError struct{ what string }

func (e *expiredError) Error() string { return e.what }
func (e *expiredError) Is(target error) bool {
	return target == context.DeadlineExceeded
}

// goneError is the cause when nobody reads the response stream any more. It is reported once, not for every item.
type goneError struct{ cause error }

func (e *goneError) Error() string { return fmt.Sprintf("the response stream is gone: %v", e.cause) }
func (e *goneError) Unwrap() error { return e.cause }

// inPhase runs one step of an item's work. What it returns or panics with is marked with the step's name.
func inPhase(phase Phase, step func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &failure{phase, &PanicError{value, debug.Stack()}}
		}
	}()
	return asFailure(phase, step())
}

// asFailure marks an error that bears no mark yet. It gives nil for nil.
func asFailure(phase Phase, err error) error {
	if err == nil {
		return nil
	}
	if marked, ok := errors.AsType[*failure](err); ok {
		return marked
	}
	return &failure{phase, err}
}

// givenUp is the failure of an item that the adapter no longer waits for.
func givenUp(cause error) *failure {
	if _, ok := errors.AsType[*goneError](cause); ok {
		return &failure{PhaseWrite, cause}
	}
	return &failure{PhaseDeadline, cause}
}

// clientAnswer is what a client may know of a failure; the rest is in the log.
func (f *failure) clientAnswer() (status int, message string) {
	if f.phase == PhaseDeadline {
		return 504, "timeout"
	}
	return 500, "internal error"
}
