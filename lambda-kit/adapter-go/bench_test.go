package lpradapter_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	lpradapter "github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go"
)

// BenchmarkBatch is a batch of 16 with a handler that does nothing, encoding of the answer included.
func BenchmarkBatch(b *testing.B) {
	handler := lpradapter.Batch(func(context.Context, request) (response, error) { return text("hello"), nil })
	ids := make([]string, 16)
	for index := range ids {
		ids[index] = fmt.Sprintf("r-%d", index)
	}
	event, ctx := batchOf(ids...), invocation()
	for b.Loop() {
		answer, err := handler(ctx, event)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := json.Marshal(answer); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(ids)), "µs/item")
}
