package lpradapter

import (
	"encoding/base64"
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"
)

// chunk is text or bytes on the way to the client.
type chunk struct {
	text  string
	bytes []byte
	raw   bool // bytes, not text
}

// encodedBody is a body, or a piece of one, as the router takes it.
type encodedBody struct {
	Body            string `json:"body"`
	IsBase64Encoded bool   `json:"isBase64Encoded"`
}

func (c chunk) encode() encodedBody {
	if c.raw {
		return encodedBody{base64.StdEncoding.EncodeToString(c.bytes), true}
	}
	return encodedBody{c.text, false}
}

func (c chunk) len() int { return len(c.text) + len(c.bytes) }

// maxChunk is the most bytes in one record: 768 KiB even if JSON escapes every one, far below a router's line limit.
const maxChunk = 128 * 1024

// split gives the parts of a chunk that fit a record each, none of them cut through a character.
func (c chunk) split() iter.Seq[chunk] {
	return func(yield func(chunk) bool) {
		for c.len() > 0 {
			end := min(c.len(), maxChunk)
			part := chunk{raw: c.raw}
			if c.raw {
				part.bytes, c.bytes = c.bytes[:end], c.bytes[end:]
			} else {
				if end < len(c.text) {
					end -= unfinished(c.text[:end])
				}
				part.text, c.text = c.text[:end], c.text[end:]
			}
			if !yield(part) {
				return
			}
		}
	}
}

// unfinished is how many bytes at the end of the text begin a character without ending it.
func unfinished(text string) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRuneInString(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

// collector puts chunks together: to text if all of them are text.
type collector []chunk

func (c collector) joined() chunk {
	var text strings.Builder
	raw := false
	for _, one := range c {
		raw = raw || one.raw
		text.WriteString(one.text)
		text.Write(one.bytes)
	}
	if raw {
		return chunk{bytes: []byte(text.String()), raw: true}
	}
	return chunk{text: text.String()}
}

func toChunk(value any, isBase64 bool) (chunk, error) {
	switch v := value.(type) {
	case nil:
		return chunk{}, nil
	case []byte:
		return chunk{bytes: v, raw: true}, nil
	case string:
		if isBase64 {
			return decodeBase64(v)
		}
		return chunk{text: v}, nil
	case asJSON:
		return jsonChunk(v.value)
	default:
		return jsonChunk(v)
	}
}

func jsonChunk(value any) (chunk, error) {
	encoded, err := marshal(value)
	return chunk{text: string(encoded)}, err
}

// decodeBase64 fails on text that is not base64: to send it all the same would be to send garbage.
func decodeBase64(text string) (chunk, error) {
	decoded, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return chunk{}, fmt.Errorf("isBase64Encoded is set, but the body is not base64: %w", err)
	}
	return chunk{bytes: decoded, raw: true}, nil
}
