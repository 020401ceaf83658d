package lpradapter

import (
	"context"
	"encoding/json"
	"io"
)

// Handler answers one request. Event is what an item of the batch is decoded into, usually
// [github.com/aws/aws-lambda-go/events.APIGatewayV2HTTPRequest]. What Answer may be is said at [Response].
type Handler[Event, Answer any] = func(ctx context.Context, event Event) (Answer, error)

// BatchHandler is a handler for lambda.Start. Events that are no batch go to the plain handler, and its value comes back
// unchanged; so does its error.
type BatchHandler = func(ctx context.Context, event json.RawMessage) (any, error)

// StreamHandler is a handler for lambda.Start that answers with a stream. It needs a runtime that streams, which
// provided.al2023 is. Events that are no batch are answered as by a function URL with a streamed response.
type StreamHandler = func(ctx context.Context, event json.RawMessage) (io.Reader, error)

// Batch makes a batch handler for routes with invokeMode buffered. The responses come back in the items' order. Batch
// panics when the handler is nil.
func Batch[Event, Answer any](handler Handler[Event, Answer], options ...Option) BatchHandler {
	settings := settingsOf(options)
	call := typed(handler)
	return func(ctx context.Context, event json.RawMessage) (any, error) {
		batch, isBatch, err := readBatch(event)
		switch {
		case err != nil:
			return nil, err
		case isBatch:
			return answerBuffered(&invocation{ctx, settings, call}, batch), nil
		default:
			return answerDirectly(ctx, call, event)
		}
	}
}

// BatchStream makes a batch handler for routes with invokeMode response_stream. Each response is sent when it is done,
// whichever item it belongs to; with [WithInterleaved] each piece of a response when it is made. BatchStream panics when
// the handler is nil.
func BatchStream[Event, Answer any](handler Handler[Event, Answer], options ...Option) StreamHandler {
	settings := settingsOf(options)
	call := typed(handler)
	return func(ctx context.Context, event json.RawMessage) (io.Reader, error) {
		batch, isBatch, err := readBatch(event)
		switch {
		case err != nil:
			return nil, err
		case isBatch:
			return answerStreamed(&invocation{ctx, settings, call}, batch), nil
		default:
			return streamDirectly(ctx, call, event)
		}
	}
}

// invocation is what the items of one batch share.
type invocation struct {
	ctx      context.Context
	settings *settings
	call     call
}

// call hands an event as it came to the handler.
type call func(ctx context.Context, event json.RawMessage) (any, error)

func typed[Event, Answer any](handler Handler[Event, Answer]) call {
	if handler == nil {
		panic("lpradapter: handler: expected a function, got nil")
	}
	return func(ctx context.Context, raw json.RawMessage) (any, error) {
		var event Event
		if err := json.Unmarshal(raw, &event); err != nil {
			return nil, &failure{PhaseItem, err}
		}
		answer, err := handler(ctx, event)
		if err != nil {
			return nil, err
		}
		return answer, nil
	}
}
