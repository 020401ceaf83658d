// The echo function for the end-to-end test: toolkit/tests/end-to-end.ts says what it answers. The handler that it is
// configured with is its mode: buffered, stream or interleaved.
package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	lpradapter "github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go"
)

type request = events.APIGatewayV2HTTPRequest

func main() {
	switch os.Getenv("_HANDLER") {
	case "stream":
		lambda.Start(lpradapter.BatchStream(echoInPieces))
	case "interleaved":
		lambda.Start(lpradapter.BatchStream(echoInPieces, lpradapter.WithInterleaved()))
	default:
		lambda.Start(lpradapter.Batch(echo))
	}
}

func echo(ctx context.Context, event request) (events.APIGatewayV2HTTPResponse, error) {
	id := event.PathParameters["id"]
	own, _ := lambdacontext.FromContext(ctx)
	body, err := json.Marshal(map[string]string{
		"id": id, "secret": event.Headers["x-secret"], "body": event.Body, "requestId": own.AwsRequestID,
	})
	return events.APIGatewayV2HTTPResponse{StatusCode: 200, Headers: map[string]string{"x-echo-id": id}, Body: string(body)}, err
}

func echoInPieces(ctx context.Context, event request) (lpradapter.Response, error) {
	whole, err := echo(ctx, event)
	middle := len(whole.Body) / 2
	body := lpradapter.Stream(func(yield func(string, error) bool) {
		// The cut may go through a character: the adapter has to put it together.
		_ = yield(whole.Body[:middle], nil) && yield(whole.Body[middle:], nil)
	})
	return lpradapter.Response{Header: http.Header{"X-Echo-Id": {event.PathParameters["id"]}}, Body: body}, err
}
