package lpradapter

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/aws/aws-lambda-go/events"
)

// answerDirectly has the handler answer an ordinary event, as if there were no adapter.
func answerDirectly(ctx context.Context, call call, event json.RawMessage) (any, error) {
	value, err := call(ctx, event)
	if failed, ok := errors.AsType[*failure](err); ok {
		return nil, failed.cause
	}
	return value, err
}

// streamDirectly has the handler answer an ordinary event the way function URLs and API Gateway read a stream: status and
// headers first, then the body.
func streamDirectly(ctx context.Context, call call, event json.RawMessage) (io.Reader, error) {
	value, err := answerDirectly(ctx, call, event)
	if err != nil {
		return nil, err
	}
	switch v := value.(type) {
	case *events.LambdaFunctionURLStreamingResponse:
		return v, nil
	case *events.APIGatewayProxyStreamingResponse:
		return v, nil
	}
	answer, err := readAnswer(value)
	if err != nil {
		return nil, err
	}
	return &events.LambdaFunctionURLStreamingResponse{
		StatusCode: answer.head.StatusCode,
		Headers:    answer.head.Headers,
		Cookies:    answer.head.Cookies,
		Body:       answer.body.newReader(),
	}, nil
}
