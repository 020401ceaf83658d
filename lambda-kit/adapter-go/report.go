package lpradapter

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// report makes an error known: to the log, then to the user's own function.
func (in *invocation) report(err error, info ErrorInfo) {
	in.log("item failed", err, info)
	if in.settings.onError == nil {
		return
	}
	// Whatever goes wrong in there must not cost the other items their answers.
	failed := inPhase(info.Phase, func() error {
		in.settings.onError(err, info)
		return nil
	})
	if failed != nil {
		in.log("onError failed", errors.Unwrap(failed), info)
	}
}

// reportFailure reports an item's failure, unless it failed only because the whole stream did.
func (in *invocation) reportFailure(f *failure, failed item) {
	if _, gone := errors.AsType[*goneError](f.cause); !gone {
		in.report(f.cause, ErrorInfo{RequestID: failed.id, Phase: f.phase, Item: failed.raw})
	}
}

func (in *invocation) log(message string, err error, info ErrorInfo) {
	attrs := []slog.Attr{
		slog.String("event", strings.ReplaceAll(message, " ", "_")),
		slog.String("requestId", info.RequestID),
		slog.String("phase", string(info.Phase)),
		slog.Any("error", describe(err)),
	}
	in.settings.logger.LogAttrs(in.ctx, slog.LevelError, message, attrs...)
}

func describe(err error) slog.Value {
	attrs := []slog.Attr{slog.String("name", fmt.Sprintf("%T", err)), slog.String("message", textOf(err))}
	if panicked, ok := errors.AsType[*PanicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(panicked.Stack)))
	}
	return slog.GroupValue(attrs...)
}

// textOf survives errors whose own text cannot be made.
func textOf(err error) string { return fmt.Sprintf("%v", err) }

func invocationID(ctx context.Context) string {
	if own, ok := lambdacontext.FromContext(ctx); ok {
		return own.AwsRequestID
	}
	return ""
}
