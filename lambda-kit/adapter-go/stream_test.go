package lpradapter_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	lpradapter "github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go"
)

func TestARecordIsSentWhileOtherItemsAreStillAtWork(t *testing.T) {
	release := make(chan struct{})
	handler := lpradapter.BatchStream(func(ctx context.Context, _ request) (response, error) {
		if idOf(ctx) == "slow" {
			<-release
		}
		return text("done"), nil
	})
	stream := streamed(t, handler, invocation(), batchOf("slow", "quick"))
	lines := newLines(stream)
	lines.Scan()
	if first := record(t, lines); first.ID != "quick" {
		t.Errorf("got %+v", first)
	}
	close(release)
	lines.Scan()
	if second := record(t, lines); second.ID != "slow" || lines.Scan() {
		t.Errorf("got %+v", second)
	}
}

func TestAPieceIsSentBeforeTheNextIsMade(t *testing.T) {
	release := make(chan struct{})
	reader, writer := io.Pipe()
	handler := lpradapter.BatchStream(func(context.Context, request) (lpradapter.Response, error) {
		return lpradapter.Response{Body: lpradapter.Reader(reader)}, nil
	}, lpradapter.WithInterleaved())
	go func() {
		_, _ = writer.Write([]byte("one"))
		<-release
		_, _ = writer.Write([]byte("two"))
		_ = writer.Close()
	}()
	lines := newLines(streamed(t, handler, invocation(), batchOf("a")))
	var got []string
	for lines.Scan() {
		one := record(t, lines)
		if got = append(got, one.Type+one.Body); one.Body == "b25l" {
			close(release)
		}
	}
	if !slices.Equal(got, []string{"head", "chunkb25l", "chunkdHdv", "end"}) {
		t.Errorf("got %v", got)
	}
}

func TestAStreamThatIsClosedEndsEveryItemAndIsReportedOnce(t *testing.T) {
	var w watch
	started := make(chan struct{}, 2)
	ended := make(chan error, 2)
	reports := make(chan lpradapter.ErrorInfo, 3)
	handler := lpradapter.BatchStream(func(ctx context.Context, _ request) (response, error) {
		started <- struct{}{}
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return text("late"), nil
	}, append(w.options(), lpradapter.WithConcurrency(2), lpradapter.WithOnError(func(_ error, info lpradapter.ErrorInfo) {
		reports <- info
	}))...)
	stream := streamed(t, handler, invocation(), batchOf("a", "b", "never started"))
	<-started
	<-started
	if err := stream.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if cause := <-ended; !strings.Contains(cause.Error(), "the response stream is gone") {
			t.Errorf("got %v", cause)
		}
	}
	if got := <-reports; got.Phase != lpradapter.PhaseWrite || got.RequestID != "invocation-1" || len(reports) > 0 {
		t.Errorf("got %+v and %d more", got, len(reports))
	}
}

func TestABodyThatHangsIsClosedWhenItsItemIsGivenUp(t *testing.T) {
	var w watch
	ctx, cancel := context.WithTimeout(invocation(), 300*time.Millisecond)
	defer cancel()
	reader, writer := io.Pipe()
	defer writer.Close()
	handler := lpradapter.BatchStream(func(context.Context, request) (lpradapter.Response, error) {
		return lpradapter.Response{Body: lpradapter.Reader(reader)}, nil
	}, append(w.options(), lpradapter.WithInterleaved())...)
	got := records(t, streamed(t, handler, ctx, batchOf("a")))
	if len(got) != 2 || got[1].Type != "error" || got[1].StatusCode != 504 || got[1].Message != "timeout" {
		t.Errorf("got %+v", got)
	}
	// The body is closed beside the answer, so the read that hung in it may still get one piece; nobody gets a second.
	_, err := writer.Write([]byte("x"))
	if err == nil {
		_, err = writer.Write([]byte("y"))
	}
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("expected that nobody reads any more, got %v", err)
	}
}

func TestASlowReaderHoldsBackTheBody(t *testing.T) {
	made := make(chan int, 100)
	handler := lpradapter.BatchStream(func(context.Context, request) (lpradapter.Response, error) {
		return lpradapter.Response{Body: lpradapter.Stream(func(yield func(int, error) bool) {
			for n := range 100 {
				made <- n
				if !yield(n, nil) {
					return
				}
			}
		})}, nil
	}, lpradapter.WithInterleaved())
	lines := newLines(streamed(t, handler, invocation(), batchOf("a")))
	for range 4 {
		lines.Scan()
	}
	// A few pieces are on their way, by no means all.
	if ahead := len(made); ahead > 10 {
		t.Errorf("%d pieces were made for 3 that were read", ahead)
	}
	for lines.Scan() {
	}
	if len(made) != 100 {
		t.Errorf("got %d pieces", len(made))
	}
}

func TestLongBodiesAreCut(t *testing.T) {
	long := strings.Repeat("\x01é😀", 200_000)
	handler := lpradapter.BatchStream(func(context.Context, request) (response, error) { return text(long), nil })
	stream := streamed(t, handler, invocation(), batchOf("a"))
	var body strings.Builder
	for _, one := range records(t, stream) { // A line of more than 1 MiB would end the scanner.
		body.WriteString(one.Body)
	}
	if body.String() != long {
		t.Errorf("%d bytes of %d arrived, or not the same", body.Len(), len(long))
	}
}

func TestTheRuntimeTakesTheStreamForOne(t *testing.T) {
	handler := lpradapter.BatchStream(func(context.Context, request) (response, error) { return text("hi"), nil })
	got, err := lambda.NewHandler(handler).Invoke(invocation(), batchOf("a"))
	want := `{"v":1,"id":"a","statusCode":200,"headers":{},"body":"hi","isBase64Encoded":false}` + "\n"
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
}
