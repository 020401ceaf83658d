package vectors

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"sort"
	"strings"
	"testing"
)

// plain is a record with its defaults written out and without the freedoms that an adapter has.
func plain(record map[string]any) map[string]any {
	kind, _ := record["type"].(string)
	out := map[string]any{"id": record["id"], "type": kind}
	switch kind {
	case "end":
		return out
	case "error":
		out["statusCode"], out["message"] = record["statusCode"], record["message"]
		return out
	case "", "head":
		plainHead(record, out)
	}
	if kind != "head" {
		out["body"] = orDefault(record["body"], "")
		out["isBase64Encoded"] = orDefault(record["isBase64Encoded"], false)
	}
	return out
}

func plainHead(record, out map[string]any) {
	values := map[string]any{}
	headers, _ := record["headers"].(map[string]any)
	for name, value := range headers {
		values[strings.ToLower(name)] = []any{value}
	}
	several, _ := record["multiValueHeaders"].(map[string]any)
	for name, list := range several {
		values[strings.ToLower(name)] = list
	}
	cookies, _ := record["cookies"].([]any)
	fromHeaders, _ := values["set-cookie"].([]any)
	delete(values, "set-cookie")
	out["statusCode"] = record["statusCode"]
	out["headers"] = values
	out["cookies"] = append(append([]any{}, cookies...), fromHeaders...)
}

func orDefault(value, fallback any) any {
	if value == nil {
		return fallback
	}
	return value
}

// folded is what the records of one item amount to, however they are cut.
func folded(t *testing.T, records []map[string]any) map[string]any {
	t.Helper()
	out := map[string]any{}
	var body []byte
	for _, record := range records {
		if text, ok := record["body"].(string); ok {
			body = append(body, decoded(t, text, record["isBase64Encoded"] == true)...)
		}
		switch record["type"] {
		case "", "head":
			out["head"] = []any{record["statusCode"], record["headers"], record["cookies"]}
		}
		switch record["type"] {
		case "", "end":
			out["ended"] = true
		case "error":
			out["error"] = []any{record["statusCode"], record["message"]}
		}
	}
	out["body"] = string(body)
	return out
}

func decoded(t *testing.T, text string, isBase64 bool) []byte {
	t.Helper()
	if !isBase64 {
		return []byte(text)
	}
	body, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Errorf("body: %v", err)
	}
	return body
}

// sameRecords compares the records of one item.
func (v vector) sameRecords(t *testing.T, id string, wanted []any, got []map[string]any) {
	t.Helper()
	want := make([]map[string]any, len(wanted))
	for index, one := range wanted {
		want[index] = one.(map[string]any)
	}
	a, b := plainAll(want), plainAll(got)
	if v.Compare == "answers" {
		same(t, "answer of "+id, folded(t, a), folded(t, b))
		return
	}
	same(t, "records of "+id, a, b)
}

// plainAll leaves out chunks that say nothing.
func plainAll(records []map[string]any) []map[string]any {
	all := []map[string]any{}
	for _, record := range records {
		if one := plain(record); one["type"] != "chunk" || one["body"] != "" {
			all = append(all, one)
		}
	}
	return all
}

func (in inside) compare(t *testing.T, run *Run, reports []errorReport) {
	t.Helper()
	run.mu.Lock()
	defer run.mu.Unlock()
	if in.Peak != nil {
		same(t, "peak", *in.Peak, run.Peak)
	}
	if in.Handled != nil {
		same(t, "handled", in.Handled, append([]string{}, run.Handled...))
	}
	if in.Reports != nil {
		same(t, "reports", sorted(*in.Reports), sorted(reports))
	}
}

func sorted(reports []errorReport) []string {
	texts := []string{}
	for _, one := range reports {
		texts = append(texts, one.RequestID+" "+one.Phase)
	}
	sort.Strings(texts)
	return texts
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if !reflect.DeepEqual(want, got) {
		t.Errorf("%s: expected %.2000v, got %.2000v", what, fmt.Sprint(want), fmt.Sprint(got))
	}
}
