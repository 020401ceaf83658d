package main

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"

	lpradapter "github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go"
)

func TestTheExampleAnswersABatchAndAPlainRequest(t *testing.T) {
	handler := lambda.NewHandler(lpradapter.Batch(getOrder))
	item := func(id string) string {
		return `{"pathParameters":{"id":"` + id + `"},"requestContext":{"requestId":"r-` + id + `"}}`
	}
	got, err := handler.Invoke(context.Background(), []byte(`{"v":1,"batch":[`+item("1")+`,`+item("9")+`]}`))
	if err != nil {
		t.Fatal(err)
	}
	var envelope struct {
		Responses []struct {
			StatusCode int
			Body       string
		}
	}
	if err := json.Unmarshal(got, &envelope); err != nil {
		t.Fatal(err)
	}
	found, missing := envelope.Responses[0], envelope.Responses[1]
	if found.StatusCode != 200 || found.Body != `{"item":"tea","amount":2}` {
		t.Errorf("got %+v", found)
	}
	if missing.StatusCode != 404 || missing.Body != `{"message":"no such order","requestId":"r-9"}` {
		t.Errorf("got %+v", missing)
	}
	plain, err := handler.Invoke(context.Background(), []byte(item("2")))
	if want := `{"statusCode":200,`; err != nil || string(plain[:len(want)]) != want {
		t.Errorf("got %s, %v", plain, err)
	}
}
