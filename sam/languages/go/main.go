// A handler of one request, made a handler of batches by the adapter for Go. It answers what the demo's other functions do.
package main

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	lpradapter "github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go"
)

// The endpoints are public, so a delay must end well before the routes' 8 s and the functions' 10 s do.
const longestDelayMs = 5000

type greeting struct {
	OK             bool              `json:"ok"`
	ID             string            `json:"id"`
	Greeting       string            `json:"greeting"`
	Method         string            `json:"method"`
	Path           string            `json:"path"`
	RouteKey       string            `json:"routeKey"`
	Query          map[string]string `json:"query"`
	PathParameters map[string]string `json:"pathParameters"`
	MaxDelayMs     int               `json:"maxDelayMs"`
	DelayMs        int               `json:"delayMs"`
}

func main() {
	// The function's handler, which a custom runtime may use as it likes: here it says how batches are answered.
	if os.Getenv("_HANDLER") == "streaming" {
		lambda.Start(lpradapter.BatchStream(greet))
		return
	}
	lambda.Start(lpradapter.Batch(greet))
}

// greet waits as long as max-delay and chance will have it, then greets. A value without statusCode is a JSON body.
func greet(ctx context.Context, event events.APIGatewayV2HTTPRequest) (greeting, error) {
	longest := maxDelayMs(event.QueryStringParameters["max-delay"])
	delay := rand.IntN(longest + 1)
	select {
	case <-time.After(time.Duration(delay) * time.Millisecond):
	case <-ctx.Done():
		return greeting{}, ctx.Err()
	}
	query := event.QueryStringParameters
	if query == nil {
		query = map[string]string{}
	}
	return greeting{
		OK:             true,
		ID:             event.RequestContext.RequestID,
		Greeting:       event.PathParameters["greeting"],
		Method:         event.RequestContext.HTTP.Method,
		Path:           event.RawPath,
		RouteKey:       event.RouteKey,
		Query:          query,
		PathParameters: event.PathParameters,
		MaxDelayMs:     longest,
		DelayMs:        delay,
	}, nil
}

// maxDelayMs is a number from 0 to 5000, and 0 for what is no number.
func maxDelayMs(text string) int {
	ms, err := strconv.ParseFloat(text, 64)
	if err != nil || !(ms > 0) {
		return 0
	}
	return int(min(ms, longestDelayMs))
}
