package lpradapter_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	lpradapter "github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go"
)

func ExampleBatch() {
	hello := func(_ context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		return events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: "Hello " + event.PathParameters["name"]}, nil
	}
	lambda.Start(lpradapter.Batch(hello))
}

func ExampleBatchStream() {
	ticks := func(ctx context.Context, _ events.APIGatewayV2HTTPRequest) (lpradapter.Response, error) {
		return lpradapter.Response{
			Header: http.Header{"Content-Type": {"text/event-stream"}},
			Body: lpradapter.Stream(func(yield func(string, error) bool) {
				for n := 1; ctx.Err() == nil && yield(fmt.Sprintf("data: %d\n\n", n), nil); n++ {
					time.Sleep(time.Second)
				}
			}),
		}, nil
	}
	lambda.Start(lpradapter.BatchStream(ticks, lpradapter.WithInterleaved()))
}

func ExampleWithOnError() {
	handler := func(context.Context, events.APIGatewayV2HTTPRequest) (io.Reader, error) { return os.Open("page.html") }
	lambda.Start(lpradapter.Batch(handler, lpradapter.WithConcurrency(4),
		lpradapter.WithOnError(func(err error, info lpradapter.ErrorInfo) { log.Print(info.RequestID, info.Phase, err) })))
}

// What the README shows is taken from the examples above, which the compiler has seen.
func TestTheReadmeShowsTheExamples(t *testing.T) {
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.Open("README.md")
	if err != nil {
		t.Fatal(err)
	}
	defer readme.Close()
	shown := 0
	inCode := false
	for lines := bufio.NewScanner(readme); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		switch {
		case strings.HasPrefix(line, "```"):
			inCode = line == "```go"
		case inCode && line != "":
			shown++
			if !strings.Contains(string(source), line+"\n") {
				t.Errorf("README.md: not in the examples: %s", line)
			}
		}
	}
	if shown < 10 {
		t.Errorf("expected the examples in README.md, found %d lines", shown)
	}
}
