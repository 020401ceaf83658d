package lpradapter_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"

	lpradapter "github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go"
)

type (
	request  = events.APIGatewayV2HTTPRequest
	response = events.APIGatewayV2HTTPResponse
)

// batchOf is a batch event with an item for each id.
func batchOf(ids ...string) json.RawMessage {
	items := make([]string, len(ids))
	for index, id := range ids {
		items[index] = `{"version":"2.0","headers":{},"requestContext":{"requestId":"` + id + `","http":{"method":"GET"}}}`
	}
	return json.RawMessage(`{"v":1,"meta":{},"batch":[` + strings.Join(items, ",") + `]}`)
}

func invocation() context.Context {
	own := &lambdacontext.LambdaContext{AwsRequestID: "invocation-1", InvokedFunctionArn: "arn:1"}
	return lambdacontext.NewContext(context.Background(), own)
}

func idOf(ctx context.Context) string {
	own, _ := lambdacontext.FromContext(ctx)
	return own.AwsRequestID
}

func text(body string) response { return response{StatusCode: 200, Body: body} }

// watch keeps what an adapter logs and reports.
type watch struct {
	mu      sync.Mutex
	log     bytes.Buffer
	errors  []error
	reports []lpradapter.ErrorInfo
}

func (w *watch) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.log.Write(line)
}

func (w *watch) options() []lpradapter.Option {
	return []lpradapter.Option{
		lpradapter.WithLogger(slog.New(slog.NewJSONHandler(w, nil))),
		lpradapter.WithOnError(func(err error, info lpradapter.ErrorInfo) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.errors = append(w.errors, err)
			w.reports = append(w.reports, info)
		}),
	}
}

func (w *watch) phases() []lpradapter.Phase {
	w.mu.Lock()
	defer w.mu.Unlock()
	var phases []lpradapter.Phase
	for _, info := range w.reports {
		phases = append(phases, info.Phase)
	}
	return phases
}

// answer is one response of an envelope, or one record.
type answer struct {
	ID         string            `json:"id"`
	Type       string            `json:"type"`
	StatusCode int               `json:"statusCode"`
	Headers    map[string]string `json:"headers"`
	Body       string            `json:"body"`
	IsBase64   bool              `json:"isBase64Encoded"`
	Message    string            `json:"message"`
}

func buffered(t *testing.T, handler lpradapter.BatchHandler, ctx context.Context, event json.RawMessage) []answer {
	t.Helper()
	value, err := handler(ctx, event)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var envelope struct{ Responses []answer }
	if err := json.Unmarshal(encoded, &envelope); err != nil {
		t.Fatal(err)
	}
	return envelope.Responses
}

func streamed(t *testing.T, handler lpradapter.StreamHandler, ctx context.Context, event json.RawMessage) io.ReadCloser {
	t.Helper()
	reader, err := handler(ctx, event)
	if err != nil {
		t.Fatal(err)
	}
	return reader.(io.ReadCloser)
}

// records reads a stream to its end.
func records(t *testing.T, stream io.Reader) []answer {
	t.Helper()
	var all []answer
	for lines := newLines(stream); lines.Scan(); {
		all = append(all, record(t, lines))
	}
	return all
}

func newLines(stream io.Reader) *bufio.Scanner {
	lines := bufio.NewScanner(stream)
	lines.Buffer(nil, 1024*1024)
	return lines
}

func record(t *testing.T, lines *bufio.Scanner) answer {
	t.Helper()
	var one answer
	if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
		t.Fatalf("%.200s: %v", lines.Bytes(), err)
	}
	return one
}
