// A function behind the router: one request in, one response out; the adapter makes batches of it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	lpradapter "github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go"
)

type order struct {
	Item   string `json:"item"`
	Amount int    `json:"amount"`
}

// Kept between invocations, like a client of a database would be, and used by several goroutines at once, like one.
var orders = map[string]order{"1": {"tea", 2}, "2": {"coffee", 1}}

func main() {
	lambda.Start(lpradapter.Batch(getOrder, lpradapter.WithOnError(countError)))
}

// getOrder answers GET /orders/{id}, the same way behind the router and behind API Gateway.
func getOrder(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	found, ok, err := findOrder(ctx, event.PathParameters["id"])
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, err
	}
	if !ok {
		own, _ := lambdacontext.FromContext(ctx)
		return respond(http.StatusNotFound, map[string]string{"message": "no such order", "requestId": own.AwsRequestID})
	}
	return respond(http.StatusOK, found)
}

// findOrder stands in for a query that takes its time, during which the other requests of the batch go on.
func findOrder(ctx context.Context, id string) (order, bool, error) {
	select {
	case <-time.After(20 * time.Millisecond):
		found, ok := orders[id]
		return found, ok, nil
	case <-ctx.Done():
		return order{}, false, ctx.Err()
	}
}

func respond(status int, value any) (events.APIGatewayV2HTTPResponse, error) {
	body, err := json.Marshal(value)
	headers := map[string]string{"content-type": "application/json"}
	return events.APIGatewayV2HTTPResponse{StatusCode: status, Headers: headers, Body: string(body)}, err
}

// countError counts errors with the embedded metric format; the adapter has logged this one already.
func countError(err error, info lpradapter.ErrorInfo) {
	fmt.Printf(`{"_aws":{"Timestamp":%d,"CloudWatchMetrics":[{"Namespace":"orders","Dimensions":[["phase"]],`+
		`"Metrics":[{"Name":"errors","Unit":"Count"}]}]},"phase":%q,"errors":1}`+"\n", time.Now().UnixMilli(), info.Phase)
}
