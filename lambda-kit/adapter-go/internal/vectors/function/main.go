// The function that executes vectors when deployed. The handler that it is configured with is its mode: buffered, stream
// or interleaved.
package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	lpradapter "github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go"
	"github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go/internal/vectors"
)

func main() {
	switch os.Getenv("_HANDLER") {
	case "stream":
		lambda.Start(func(ctx context.Context, event json.RawMessage) (any, error) {
			return vectors.Streamed(ctx, event)
		})
	case "interleaved":
		lambda.Start(func(ctx context.Context, event json.RawMessage) (any, error) {
			return vectors.Streamed(ctx, event, lpradapter.WithInterleaved())
		})
	default:
		lambda.Start(func(ctx context.Context, event json.RawMessage) (any, error) {
			return vectors.Buffered(ctx, event)
		})
	}
}
