package vectors

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	lpradapter "github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go"
)

func init() { lambdacontext.FunctionName = "vectors" }

// setup is what a batch event says of how the function is to be set up.
type setup struct {
	Options struct {
		Concurrency int `json:"concurrency"`
	} `json:"options"`
	RemainingMs int `json:"remainingMs"`
}

// Buffered answers a vector with one document. The adapter is made anew for every event, as each vector has options of
// its own.
func Buffered(ctx context.Context, event json.RawMessage, options ...lpradapter.Option) (any, error) {
	s, handler := setupOf(event)
	ctx, cancel := s.context(ctx)
	defer cancel()
	return lpradapter.Batch(handler, append(options, s.options()...)...)(ctx, event)
}

// Streamed answers a vector with a stream. What its context holds is freed when the time is up.
func Streamed(ctx context.Context, event json.RawMessage, options ...lpradapter.Option) (any, error) {
	s, handler := setupOf(event)
	ctx, cancel := s.context(ctx)
	context.AfterFunc(ctx, cancel)
	return lpradapter.BatchStream(handler, append(options, s.options()...)...)(ctx, event)
}

// setupOf reads the setup, and chooses the handler: an event that is no batch is answered with the value as it is.
func setupOf(event json.RawMessage) (setup, lpradapter.Handler[Event, any]) {
	var outer struct {
		V     any `json:"v"`
		Batch any `json:"batch"`
		Meta  struct {
			Vector setup `json:"vector"`
		} `json:"meta"`
	}
	// What is wrong with the event is for the adapter to say.
	_ = json.Unmarshal(event, &outer)
	_, isList := outer.Batch.([]any)
	if outer.V == nil || !isList {
		return outer.Meta.Vector, Handler
	}
	return outer.Meta.Vector, TypedHandler
}

func (s setup) options() []lpradapter.Option {
	if s.Options.Concurrency == 0 {
		return nil
	}
	return []lpradapter.Option{lpradapter.WithConcurrency(s.Options.Concurrency)}
}

// context is as it would be if the function had the timeout that the vector asks for.
func (s setup) context(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.RemainingMs == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, time.Duration(s.RemainingMs)*time.Millisecond)
}
