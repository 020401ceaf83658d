package lpradapter_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	lpradapter "github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go"
)

func TestPanicsFailTheirItemOnlyAndAreLoggedWithTheirStack(t *testing.T) {
	var w watch
	handler := lpradapter.Batch(func(ctx context.Context, _ request) (response, error) {
		if idOf(ctx) == "bad" {
			panic("no such order")
		}
		return text("fine"), nil
	}, w.options()...)
	got := buffered(t, handler, invocation(), batchOf("bad", "good"))
	if got[0].StatusCode != 500 || got[0].Body != "internal error" || got[1].Body != "fine" {
		t.Errorf("got %+v", got)
	}
	var panicked *lpradapter.PanicError
	if !errors.As(w.errors[0], &panicked) || panicked.Value != "no such order" {
		t.Errorf("got %v", w.errors)
	}
	if !strings.Contains(w.log.String(), "adapter_test.go") || !strings.Contains(w.log.String(), `"requestId":"bad"`) {
		t.Errorf("expected the id and the stack, got %s", w.log.String())
	}
}

func TestAHandlerThatEndsItsGoroutineFailsItsItemOnly(t *testing.T) {
	var w watch
	handler := lpradapter.Batch(func(ctx context.Context, _ request) (response, error) {
		if idOf(ctx) == "bad" {
			runtime.Goexit()
		}
		return text("fine"), nil
	}, w.options()...)
	if got := buffered(t, handler, invocation(), batchOf("bad", "good")); got[0].StatusCode != 500 || got[1].StatusCode != 200 {
		t.Errorf("got %+v", got)
	}
}

func TestAPanicOfOnErrorIsLoggedAndHarmsNobody(t *testing.T) {
	var w watch
	options := append(w.options(), lpradapter.WithOnError(func(error, lpradapter.ErrorInfo) { panic("again") }))
	handler := lpradapter.Batch(func(context.Context, request) (response, error) {
		return response{}, errors.New("first")
	}, options...)
	if got := buffered(t, handler, invocation(), batchOf("a")); got[0].StatusCode != 500 {
		t.Errorf("got %+v", got)
	}
	if log := w.log.String(); !strings.Contains(log, "onError failed") || !strings.Contains(log, "again") {
		t.Errorf("got %s", log)
	}
}

func TestAnItemThatTheEventTypeDoesNotTakeFailsAlone(t *testing.T) {
	var w watch
	handler := lpradapter.Batch(func(context.Context, request) (response, error) { return text("fine"), nil }, w.options()...)
	event := json.RawMessage(`{"v":1,"batch":[{"headers":7,"requestContext":{"requestId":"odd"}},{"requestContext":{"requestId":"b"}}]}`)
	got := buffered(t, handler, invocation(), event)
	if got[0].StatusCode != 500 || got[1].Body != "fine" || w.phases()[0] != lpradapter.PhaseItem {
		t.Errorf("got %+v and %v", got, w.phases())
	}
	if string(w.reports[0].Item) != `{"headers":7,"requestContext":{"requestId":"odd"}}` {
		t.Errorf("expected the item as it came, got %s", w.reports[0].Item)
	}
}

func TestEachItemHasTheContextOfTheInvocationWithItsOwnId(t *testing.T) {
	type key struct{}
	handler := lpradapter.Batch(func(ctx context.Context, event request) (response, error) {
		own, _ := lambdacontext.FromContext(ctx)
		same := own.AwsRequestID == event.RequestContext.RequestID
		return text(fmt.Sprintf("%t %s %v", same, own.InvokedFunctionArn, ctx.Value(key{}))), nil
	})
	ctx := context.WithValue(invocation(), key{}, "trace")
	for _, one := range buffered(t, handler, ctx, batchOf("a", "b")) {
		if one.Body != "true arn:1 trace" {
			t.Errorf("got %+v", one)
		}
	}
}

func TestAContextEndsWithDeadlineExceededBeforeTheInvocationDoes(t *testing.T) {
	ctx, cancel := context.WithTimeout(invocation(), time.Second)
	defer cancel()
	handler := lpradapter.Batch(func(item context.Context, _ request) (response, error) {
		<-item.Done()
		deadline, ok := item.Deadline()
		return text(fmt.Sprint(item.Err(), ok, ctx.Err() == nil, deadline.IsZero())), nil
	})
	got := buffered(t, handler, ctx, batchOf("a"))
	if want := "context deadline exceeded true true false"; got[0].Body != want {
		t.Errorf("expected %s, got %+v", want, got)
	}
}

func TestTheContextOfAnItemEndsWithTheItem(t *testing.T) {
	contexts := make(chan context.Context, 1)
	handler := lpradapter.Batch(func(ctx context.Context, _ request) (response, error) {
		contexts <- ctx
		return text("x"), nil
	})
	buffered(t, handler, invocation(), batchOf("a"))
	ctx := <-contexts
	<-ctx.Done()
	if !errors.Is(ctx.Err(), context.Canceled) {
		t.Errorf("got %v", ctx.Err())
	}
}

func TestClientsBoundTheTimeOnlyUntilTheyHaveTheHead(t *testing.T) {
	event := strings.Replace(string(batchOf("a")), `"meta":{}`, fmt.Sprintf(`"meta":{"deadlineMs":%d}`, time.Now().Add(time.Hour).UnixMilli()), 1)
	ctx, cancel := context.WithTimeout(invocation(), 2*time.Hour)
	defer cancel()
	end, _ := ctx.Deadline()
	handler := lpradapter.BatchStream(func(item context.Context, _ request) (lpradapter.Response, error) {
		before, _ := item.Deadline()
		return lpradapter.Response{Body: lpradapter.Stream(func(yield func(string, error) bool) {
			if !yield(fmt.Sprint(before.Before(end)), nil) {
				return
			}
			// The second piece is taken when the first was written, and so the head before it.
			after, _ := item.Deadline()
			yield(fmt.Sprint(after.Equal(end)), nil)
		})}, nil
	}, lpradapter.WithInterleaved())
	got := records(t, streamed(t, handler, ctx, json.RawMessage(event)))
	if len(got) != 4 || got[1].Body != "true" || got[2].Body != "true" {
		t.Errorf("got %+v", got)
	}
}

func TestDirectEventsGoToThePlainHandler(t *testing.T) {
	failing := errors.New("the reason")
	handler := lpradapter.Batch(func(ctx context.Context, event request) (response, error) {
		if event.RawPath == "/fail" {
			return response{}, failing
		}
		return text(idOf(ctx) + event.RawPath), nil
	})
	value, err := handler(invocation(), json.RawMessage(`{"rawPath":"/hi"}`))
	if got, ok := value.(response); !ok || got.Body != "invocation-1/hi" || err != nil {
		t.Errorf("got %v, %v", value, err)
	}
	if _, err := handler(invocation(), json.RawMessage(`{"rawPath":"/fail"}`)); err != failing {
		t.Errorf("expected the handler's own error, got %v", err)
	}
	var typeError *json.UnmarshalTypeError
	if _, err := handler(invocation(), json.RawMessage(`{"rawPath":7}`)); !errors.As(err, &typeError) {
		t.Errorf("expected what the runtime would say, got %v", err)
	}
}

func TestARichResponseIsUnderstoodByApiGatewayAsWell(t *testing.T) {
	handler := lpradapter.Batch(func(context.Context, request) (lpradapter.Response, error) {
		return lpradapter.Response{
			Header:  http.Header{"X-A": {"1", "2"}, "Set-Cookie": {"c=1"}},
			Cookies: []string{"b=1"},
			Body:    lpradapter.Reader(strings.NewReader("\x00\xff")),
		}, nil
	})
	got, err := lambda.NewHandler(handler).Invoke(invocation(), []byte(`{}`))
	want := `{"statusCode":200,"headers":{"X-A":"1, 2"},"multiValueHeaders":{"X-A":["1","2"]},"cookies":["b=1","c=1"],"body":"AP8=","isBase64Encoded":true}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestADirectEventIsStreamedAsByAFunctionURL(t *testing.T) {
	handler := lpradapter.BatchStream(func(context.Context, request) (lpradapter.Response, error) {
		return lpradapter.Response{StatusCode: 201, Header: http.Header{"X-A": {"1"}}, Body: lpradapter.Text("hello")}, nil
	})
	stream := streamed(t, handler, invocation(), json.RawMessage(`{}`))
	got, err := io.ReadAll(stream)
	want := `{"statusCode":201,"headers":{"X-A":"1"}}` + strings.Repeat("\x00", 8) + "hello"
	if err != nil || string(got) != want {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestAFailingBodyOfADirectStreamFailsTheStream(t *testing.T) {
	handler := lpradapter.BatchStream(func(context.Context, request) (*events.LambdaFunctionURLStreamingResponse, error) {
		return &events.LambdaFunctionURLStreamingResponse{Body: io.MultiReader(strings.NewReader("x"), failingReader{})}, nil
	})
	if _, err := io.ReadAll(streamed(t, handler, invocation(), json.RawMessage(`{}`))); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}

func TestWrongOptionsPanicAtOnce(t *testing.T) {
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, "expected a whole number from 1, got 0") {
			t.Errorf("got %s", got)
		}
	}()
	lpradapter.Batch(func(context.Context, request) (response, error) { return text(""), nil }, lpradapter.WithConcurrency(0))
}

var errBroken = errors.New("broken")

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errBroken }
