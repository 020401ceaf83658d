package vectors

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	lpradapter "github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go"
)

// Go has no text that is half a surrogate pair, and no streams of Node.js or the web.
var notInGo = []string{"lone-surrogates", "node-streams", "web-streams"}

const maxLine = 1024 * 1024

func TestVectors(t *testing.T) {
	run := 0
	for _, v := range loadVectors(t) {
		if slices.ContainsFunc(v.Requires, func(feature string) bool { return slices.Contains(notInGo, feature) }) {
			continue
		}
		for _, mode := range v.Modes {
			run++
			t.Run(v.Name+"/"+mode, func(t *testing.T) { v.test(t, mode, fmt.Sprintf("%s/%d", v.Name, run)) })
		}
	}
	if run < 280 {
		t.Errorf("expected that most vectors apply, got %d runs", run)
	}
}

func (v vector) test(t *testing.T, mode, run string) {
	var log bytes.Buffer
	var mu sync.Mutex
	reports := []errorReport{}
	options := []lpradapter.Option{
		lpradapter.WithLogger(slog.New(slog.NewJSONHandler(&log, nil))),
		lpradapter.WithOnError(func(_ error, info lpradapter.ErrorInfo) {
			mu.Lock()
			defer mu.Unlock()
			id := strings.Replace(info.RequestID, "invocation-1", "$invocation", 1)
			reports = append(reports, errorReport{id, string(info.Phase)})
		}),
	}
	answer, err := invoke(mode, v.prepare(t, run), options)
	v.compare(t, mode, answer, err)
	mu.Lock()
	defer mu.Unlock()
	v.Expected.Inside.compare(t, RunOf(run), reports)
	if lines := strings.Count(log.String(), "\n"); lines != len(reports) {
		t.Errorf("expected a log line for each of %d errors, got %d", len(reports), lines)
	}
}

// invoke has the runtime's own library call the adapter, and reads all of the answer.
func invoke(mode string, event json.RawMessage, options []lpradapter.Option) ([]byte, error) {
	own := &lambdacontext.LambdaContext{AwsRequestID: "invocation-1"}
	ctx := lambdacontext.NewContext(context.Background(), own)
	if mode == "interleaved" {
		options = append(options, lpradapter.WithInterleaved())
	}
	if mode != "buffered" {
		answer, err := Streamed(ctx, event, options...)
		if err != nil {
			return nil, err
		}
		return io.ReadAll(answer.(io.Reader))
	}
	return lambda.NewHandler(func(ctx context.Context, event json.RawMessage) (any, error) {
		return Buffered(ctx, event, options...)
	}).Invoke(ctx, event)
}

func (v vector) compare(t *testing.T, mode string, answer []byte, err error) {
	t.Helper()
	switch {
	case v.Expected.Error != nil:
		for _, text := range v.Expected.Error.Includes {
			if err == nil || !strings.Contains(err.Error(), text) {
				t.Errorf("expected an error that says %q, got %v", text, err)
			}
		}
	case err != nil:
		t.Errorf("expected an answer, got %v", err)
	case v.Expected.Direct != nil:
		same(t, "value", v.Expected.Direct, parsed(t, answer))
	case mode == "buffered":
		v.compareEnvelope(t, parsed(t, answer))
	case mode == "stream":
		v.compareStream(t, v.Expected.Stream, answer)
	default:
		v.compareStream(t, v.Expected.Interleaved, answer)
	}
}

func (v vector) compareEnvelope(t *testing.T, answer any) {
	t.Helper()
	wanted := expand(v.Expected.Buffered).(map[string]any)
	got, _ := answer.(map[string]any)
	same(t, "v", wanted["v"], got["v"])
	want, _ := wanted["responses"].([]any)
	have, _ := got["responses"].([]any)
	same(t, "count", len(want), len(have))
	for index := range min(len(want), len(have)) {
		id := fmt.Sprint(want[index].(map[string]any)["id"])
		v.sameRecords(t, id, want[index:index+1], []map[string]any{have[index].(map[string]any)})
	}
}

func (v vector) compareStream(t *testing.T, wanted map[string][]any, answer []byte) {
	t.Helper()
	byID := map[string][]map[string]any{}
	var order []string
	lines := bufio.NewScanner(bytes.NewReader(answer))
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		record := parsed(t, lines.Bytes()).(map[string]any)
		same(t, "v", 1.0, record["v"])
		id := fmt.Sprint(record["id"])
		byID[id] = append(byID[id], record)
		order = append(slices.DeleteFunc(order, func(one string) bool { return one == id }), id)
	}
	if lines.Err() != nil {
		t.Error(lines.Err())
	}
	same(t, "number of ids", len(wanted), len(byID))
	for id, records := range wanted {
		for _, record := range records {
			expand(record)
		}
		v.sameRecords(t, id, records, byID[id])
	}
	if v.Expected.Order != nil {
		same(t, "order", v.Expected.Order, order)
	}
}

func parsed(t *testing.T, text []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Errorf("expected JSON, got %.200s: %v", text, err)
	}
	return value
}
