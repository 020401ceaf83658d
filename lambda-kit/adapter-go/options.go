package lpradapter

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
)

// Option changes what an adapter does.
type Option func(*settings)

// Phase says where an item went wrong.
type Phase string

const (
	PhaseItem     Phase = "item"     // no id, the id of another item, or not what the handler's event type takes
	PhaseHandler  Phase = "handler"  // the handler returned an error or panicked
	PhaseResponse Phase = "response" // what it returned is no response, or too large
	PhaseBody     Phase = "body"     // reading its body failed
	PhaseDeadline Phase = "deadline" // not done when the invocation's time was almost up
	PhaseWrite    Phase = "write"    // the response stream failed
)

// ErrorInfo tells which item an error is about.
type ErrorInfo struct {
	// RequestID is the item's id, or that of the invocation if no item is concerned.
	RequestID string
	Phase     Phase
	// Item is the item as it came; nil if no item is concerned.
	Item json.RawMessage
}

type settings struct {
	concurrency int // 0: all items of the batch
	interleaved bool
	onError     func(error, ErrorInfo)
	logger      *slog.Logger
}

// WithConcurrency says how many items are handled at once. The default is all items of the batch.
func WithConcurrency(limit int) Option {
	if limit < 1 {
		panic(fmt.Sprintf("lpradapter: WithConcurrency: expected a whole number from 1, got %d", limit))
	}
	return func(s *settings) { s.concurrency = limit }
}

// WithOnError has onError told of every error, after it was logged. It is called from the goroutine of the item that
// failed, so for several items at the same time; the item's answer waits for it.
func WithOnError(onError func(err error, info ErrorInfo)) Option {
	return func(s *settings) { s.onError = onError }
}

// WithLogger replaces the logger for errors. The default writes JSON to standard error.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) { s.logger = logger }
}

// WithInterleaved sends each response piece by piece, as it is made. It concerns [BatchStream] only.
func WithInterleaved() Option {
	return func(s *settings) { s.interleaved = true }
}

func settingsOf(options []Option) *settings {
	s := &settings{logger: slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{ReplaceAttr: sharedNames}))}
	for _, option := range options {
		option(s)
	}
	return s
}

// sharedNames gives a log line the names that the router's own lines have.
func sharedNames(groups []string, attr slog.Attr) slog.Attr {
	if len(groups) > 0 {
		return attr
	}
	switch attr.Key {
	case slog.TimeKey:
		attr.Key = "timestamp"
	case slog.MessageKey:
		attr.Key = "message"
	case slog.LevelKey:
		attr.Value = slog.StringValue("error")
	}
	return attr
}
