package vectors

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
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
