package vectors

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"testing"
	"time"
)

// vector is one case; contract/vectors/README.md says what its keys mean.
type vector struct {
	Name        string                     `json:"name"`
	Modes       []string                   `json:"modes"`
	Requires    []string                   `json:"requires"`
	Options     json.RawMessage            `json:"options"`
	RemainingMs *int                       `json:"remainingMs"`
	Event       any                        `json:"event"`
	Scripts     map[string]json.RawMessage `json:"scripts"`
	Compare     string                     `json:"compare"`
	Expected    struct {
		Buffered    map[string]any   `json:"buffered"`
		Stream      map[string][]any `json:"stream"`
		Interleaved map[string][]any `json:"interleaved"`
		Direct      any              `json:"direct"`
		Error       *struct {
			Includes []string `json:"includes"`
		} `json:"error"`
		Order  []string `json:"order"`
		Inside inside   `json:"inside"`
	} `json:"expected"`
}

// inside is what only a runner in the same process sees.
type inside struct {
	Peak    *int           `json:"peak"`
	Handled []string       `json:"handled"`
	Reports *[]errorReport `json:"reports"`
}

type errorReport struct {
	RequestID string `json:"requestId"`
	Phase     string `json:"phase"`
}

func loadVectors(t *testing.T) []vector {
	t.Helper()
	paths, err := filepath.Glob("../../../../contract/vectors/cases/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	vectors := make([]vector, len(paths))
	for index, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(content, &vectors[index]); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	return vectors
}

// prepare gives the event to send: with times made absolute, and with the scripts and the setup on board.
func (v vector) prepare(t *testing.T, run string) json.RawMessage {
	t.Helper()
	event := expand(v.Event)
	if fields, ok := event.(map[string]any); ok {
		if batch, isList := fields["batch"].([]any); isList && fields["v"] != nil {
			for index, item := range batch {
				batch[index] = v.withScript(item, run)
			}
			if meta, ok := fields["meta"].(map[string]any); ok {
				meta["vector"] = map[string]any{"options": orEmpty(v.Options), "remainingMs": v.RemainingMs}
			}
		} else {
			event = v.withScript(event, run)
		}
	}
	encoded, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

func (v vector) withScript(item any, run string) any {
	fields, ok := item.(map[string]any)
	if !ok {
		return item
	}
	script, ok := v.Scripts[idOf(fields)]
	if !ok {
		if script, ok = v.Scripts["*"]; !ok {
			return item
		}
	}
	headers, _ := fields["headers"].(map[string]any)
	if headers == nil {
		headers = map[string]any{}
		fields["headers"] = headers
	}
	headers["x-lpr-script"] = string(script)
	headers["x-lpr-run"] = run
	return fields
}

func idOf(item map[string]any) string {
	if outer, ok := item["requestContext"].(map[string]any); ok && outer["requestId"] != nil {
		return fmt.Sprint(outer["requestId"])
	}
	if item["id"] == nil {
		return ""
	}
	return fmt.Sprint(item["id"])
}

func orEmpty(options json.RawMessage) json.RawMessage {
	if options == nil {
		return json.RawMessage("{}")
	}
	return options
}

// expand writes out what vectors abbreviate: long texts, and times that are counted from now.
func expand(value any) any {
	switch v := value.(type) {
	case []any:
		for index, one := range v {
			v[index] = expand(one)
		}
	case map[string]any:
		if ms, ok := v["$nowPlusMs"].(float64); ok {
			return time.Now().UnixMilli() + int64(ms)
		}
		if operand, ok := v["$repeat"].([]any); ok {
			return strings.Repeat(operand[0].(string), int(operand[1].(float64)))
		}
		for key, one := range v {
			v[key] = expand(one)
		}
	}
	return value
}

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
