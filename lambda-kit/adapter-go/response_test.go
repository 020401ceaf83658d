package lpradapter_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	lpradapter "github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go"
)

type order struct {
	ID     string `json:"id"`
	Amount int    `json:"amount"`
}

type ownResponse struct {
	Status int               `json:"statusCode"`
	Head   map[string]string `json:"headers"`
	Text   string            `json:"body"`
}

type name string

func TestWhatHandlersMayReturn(t *testing.T) {
	headers := map[string]string{"x-a": "1"}
	cases := map[string]struct {
		value any
		want  answer
	}{
		"HTTP API":             {events.APIGatewayV2HTTPResponse{StatusCode: 201, Headers: headers, Body: "b"}, answer{StatusCode: 201, Headers: headers, Body: "b"}},
		"pointer":              {&events.APIGatewayV2HTTPResponse{StatusCode: 201, Headers: headers, Body: "b"}, answer{StatusCode: 201, Headers: headers, Body: "b"}},
		"REST API":             {events.APIGatewayProxyResponse{StatusCode: 201, Headers: headers, Body: "b"}, answer{StatusCode: 201, Headers: headers, Body: "b"}},
		"load balancer":        {events.ALBTargetGroupResponse{StatusCode: 201, Headers: headers, Body: "b"}, answer{StatusCode: 201, Headers: headers, Body: "b"}},
		"function URL":         {events.LambdaFunctionURLResponse{StatusCode: 201, Headers: headers, Body: "b"}, answer{StatusCode: 201, Headers: headers, Body: "b"}},
		"streamed":             {&events.LambdaFunctionURLStreamingResponse{Headers: headers, Body: strings.NewReader("b")}, answer{StatusCode: 200, Headers: headers, Body: "Yg==", IsBase64: true}},
		"streamed REST":        {&events.APIGatewayProxyStreamingResponse{Headers: headers}, answer{StatusCode: 200, Headers: headers}},
		"no status":            {events.APIGatewayV2HTTPResponse{Body: "b"}, failed()},
		"nil pointer":          {(*events.APIGatewayV2HTTPResponse)(nil), asJSON("null")},
		"nil own response":     {(*lpradapter.Response)(nil), asJSON("null")},
		"own response":         {lpradapter.Response{Body: lpradapter.Text("b")}, answer{StatusCode: 200, Headers: map[string]string{}, Body: "b"}},
		"a type like that":     {ownResponse{201, headers, "b"}, answer{StatusCode: 201, Headers: headers, Body: "b"}},
		"a type of the user":   {order{"1<2", 2}, asJSON(`{"id":"1<2","amount":2}`)},
		"nothing":              {nil, asJSON("null")},
		"text":                 {"hello", asJSON("hello")},
		"a kind of text":       {name("hello"), asJSON("hello")},
		"bytes":                {[]byte{0, 255}, octets("AP8=")},
		"a reader":             {strings.NewReader("b"), octets("Yg==")},
		"a body":               {lpradapter.Text("b"), answer{StatusCode: 200, Headers: map[string]string{"content-type": "application/octet-stream"}, Body: "b"}},
		"a map with a reader":  {map[string]any{"body": strings.NewReader("b")}, answer{StatusCode: 200, Headers: map[string]string{}, Body: "Yg==", IsBase64: true}},
		"text as JSON":         {lpradapter.Response{Body: lpradapter.JSON("b")}, answer{StatusCode: 200, Headers: map[string]string{}, Body: `"b"`}},
		"text that is no text": {text("a\xffb"), answer{StatusCode: 200, Headers: map[string]string{}, Body: "a\ufffdb"}},
		"no JSON":              {make(chan int), failed()},
	}
	for title, c := range cases {
		t.Run(title, func(t *testing.T) {
			var w watch
			handler := lpradapter.Batch(func(context.Context, request) (any, error) { return c.value, nil }, w.options()...)
			c.want.ID = "a"
			if got := buffered(t, handler, invocation(), batchOf("a")); !equal(got[0], c.want) {
				t.Errorf("expected %+v, got %+v", c.want, got[0])
			}
		})
	}
}

func TestHeadersKeepWhatIsNotASCII(t *testing.T) {
	handler := lpradapter.Batch(func(context.Context, request) (lpradapter.Response, error) {
		return lpradapter.Response{Header: map[string][]string{"X-Name": {"Zoë", "日本"}}}, nil
	})
	if got := buffered(t, handler, invocation(), batchOf("a")); got[0].Headers["X-Name"] != "Zoë, 日本" {
		t.Errorf("got %+v", got)
	}
}

func TestCharactersThatAreCutBetweenPiecesArePutTogether(t *testing.T) {
	whole := "é😀x"
	handler := lpradapter.BatchStream(func(context.Context, request) (lpradapter.Response, error) {
		return lpradapter.Response{Body: lpradapter.Stream(func(yield func(string, error) bool) {
			for index := range len(whole) {
				if !yield(whole[index:index+1], nil) {
					return
				}
			}
		})}, nil
	}, lpradapter.WithInterleaved())
	var body strings.Builder
	for _, one := range records(t, streamed(t, handler, invocation(), batchOf("a"))) {
		body.WriteString(one.Body)
	}
	if body.String() != whole {
		t.Errorf("got %q", body.String())
	}
}

func TestAReaderIsClosedHoweverItEnds(t *testing.T) {
	for title, body := range map[string]io.Reader{"read": strings.NewReader("x"), "failing": failingReader{}} {
		t.Run(title, func(t *testing.T) {
			var w watch
			closed := make(chan struct{})
			handler := lpradapter.Batch(func(context.Context, request) (lpradapter.Response, error) {
				return lpradapter.Response{Body: lpradapter.Reader(&closer{body, closed})}, nil
			}, w.options()...)
			buffered(t, handler, invocation(), batchOf("a"))
			<-closed
		})
	}
}

func TestAReaderUnderABadHeadIsClosed(t *testing.T) {
	var w watch
	closed := make(chan struct{})
	handler := lpradapter.Batch(func(context.Context, request) (lpradapter.Response, error) {
		return lpradapter.Response{StatusCode: 1000, Body: lpradapter.Reader(&closer{strings.NewReader("x"), closed})}, nil
	}, w.options()...)
	buffered(t, handler, invocation(), batchOf("a"))
	<-closed
}

type closer struct {
	io.Reader
	closed chan struct{}
}

func (c *closer) Close() error {
	close(c.closed)
	return errors.New("nobody cares")
}

func failed() answer {
	return answer{StatusCode: 500, Headers: map[string]string{"content-type": "text/plain"}, Body: "internal error"}
}

func asJSON(body string) answer {
	return answer{StatusCode: 200, Headers: map[string]string{"content-type": "application/json"}, Body: body}
}

func octets(body string) answer {
	return answer{StatusCode: 200, Headers: map[string]string{"content-type": "application/octet-stream"}, Body: body, IsBase64: true}
}

func equal(a, b answer) bool {
	if len(a.Headers) != len(b.Headers) {
		return false
	}
	for key, value := range a.Headers {
		if b.Headers[key] != value {
			return false
		}
	}
	a.Headers, b.Headers = nil, nil
	return a.ID == b.ID && a.StatusCode == b.StatusCode && a.Body == b.Body && a.IsBase64 == b.IsBase64
}
