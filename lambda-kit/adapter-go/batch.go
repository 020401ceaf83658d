package lpradapter

import (
	"encoding/json"
	"fmt"
	"time"
)

// wireVersion is the version of the wire format that this package speaks.
const wireVersion = 1

// batch is the event of one invocation.
type batch struct {
	items []json.RawMessage
	// deadline is when the last client gives up waiting for a response head; zero if the router did not say.
	deadline time.Time
}

// item is one request of a batch, with the id that its answer must carry.
type item struct {
	id  string
	raw json.RawMessage
}

// readBatch reads a batch event. An event that is none is not an error; a batch of another version is.
func readBatch(event json.RawMessage) (found *batch, isBatch bool, err error) {
	var outer struct {
		V     json.RawMessage `json:"v"`
		Batch json.RawMessage `json:"batch"`
		Meta  json.RawMessage `json:"meta"`
	}
	if json.Unmarshal(event, &outer) != nil || outer.V == nil {
		return nil, false, nil
	}
	var items []json.RawMessage
	if json.Unmarshal(outer.Batch, &items) != nil || items == nil {
		return nil, false, nil
	}
	if err := checkVersion(outer.V); err != nil {
		return nil, false, err
	}
	return &batch{items, readDeadline(outer.Meta)}, true, nil
}

func checkVersion(v json.RawMessage) error {
	var version float64
	if json.Unmarshal(v, &version) == nil && version == wireVersion {
		return nil
	}
	return fmt.Errorf("batch event: expected version %d, got %s; update lpradapter to a release that speaks it", wireVersion, v)
}

// maxMs is the last time that is told apart from never: beyond it a float64 skips milliseconds.
const maxMs = 1 << 53

func readDeadline(meta json.RawMessage) time.Time {
	var fields struct {
		DeadlineMs *float64 `json:"deadlineMs"`
	}
	if json.Unmarshal(meta, &fields) != nil || fields.DeadlineMs == nil || *fields.DeadlineMs > maxMs {
		return time.Time{}
	}
	return time.UnixMilli(int64(*fields.DeadlineMs))
}

// answerable gives the items that can be answered, in order. One without an id, or with the id of an earlier one, can
// not: it is reported and left out, and the others go on.
func (b *batch) answerable(in *invocation) []item {
	items := make([]item, 0, len(b.items))
	known := make(map[string]bool, len(b.items))
	for index, raw := range b.items {
		id := idOf(raw)
		switch {
		case id == "":
			in.report(fmt.Errorf("batch[%d]: expected an id in requestContext.requestId, got none", index),
				ErrorInfo{RequestID: invocationID(in.ctx), Phase: PhaseItem, Item: raw})
		case known[id]:
			in.report(fmt.Errorf("batch[%d]: expected an id of its own, got %s, which an earlier item has", index, id),
				ErrorInfo{RequestID: id, Phase: PhaseItem, Item: raw})
		default:
			known[id] = true
			items = append(items, item{id, raw})
		}
	}
	return items
}

// idOf gives requestContext.requestId, else id, else nothing.
func idOf(raw json.RawMessage) string {
	var outer struct {
		RequestContext json.RawMessage `json:"requestContext"`
		ID             json.RawMessage `json:"id"`
	}
	if json.Unmarshal(raw, &outer) != nil {
		return ""
	}
	var inner struct {
		RequestID json.RawMessage `json:"requestId"`
	}
	if json.Unmarshal(outer.RequestContext, &inner) == nil && inner.RequestID != nil && string(inner.RequestID) != "null" {
		return idText(inner.RequestID)
	}
	return idText(outer.ID)
}

// idText gives text as it is and a number as it is written.
func idText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(raw, &number) == nil {
		return number.String()
	}
	return ""
}
