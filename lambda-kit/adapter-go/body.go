package lpradapter

import (
	"bytes"
	"io"
	"iter"
	"strings"
	"sync"
)

// Body is the body of a [Response]. The zero Body is empty.
type Body struct {
	whole  any
	pieces iter.Seq2[any, error]
	closer io.Closer
}

// Text makes a body of text.
func Text(text string) Body { return Body{whole: text} }

// Bytes makes a body of bytes, which travel as base64.
func Bytes(b []byte) Body { return Body{whole: b} }

// JSON makes a body of the JSON of a value.
func JSON(value any) Body { return Body{whole: asJSON{value}} }

// Reader makes a body of what r yields, as bytes. It is read piece by piece, as r gives them, and an r that is an
// [io.Closer] is closed in the end: from another goroutine, if reading takes longer than there is time.
func Reader(r io.Reader) Body {
	if r == nil {
		return Body{}
	}
	closer, _ := r.(io.Closer)
	return Body{pieces: readPieces(r), closer: closer}
}

// Stream makes a body that comes in pieces: strings are text, []byte are bytes, anything else is sent as JSON. The body
// fails with the first error; what was sent of it by then ends in a reset, never in what looks like success.
func Stream[Piece any](pieces iter.Seq2[Piece, error]) Body {
	return Body{pieces: func(yield func(any, error) bool) {
		for piece, err := range pieces {
			if !yield(piece, err) {
				return
			}
		}
	}}
}

// asJSON marks a value that is meant as JSON even if it is text or bytes.
type asJSON struct{ value any }

const readSize = 32 * 1024

func readPieces(r io.Reader) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for {
			// A buffer for each piece: the one before may still be on its way.
			buffer := make([]byte, readSize)
			n, err := r.Read(buffer)
			if n > 0 && !yield(buffer[:n], nil) {
				return
			}
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// bodyOf makes a body of the value that a map has for it, and says whether it is something that JSON cannot say.
func bodyOf(value any) (body Body, isRaw bool) {
	switch v := value.(type) {
	case nil:
		return Body{}, false
	case string:
		return Text(v), false
	case []byte:
		return Bytes(v), true
	case Body:
		return v, true
	case io.Reader:
		return Reader(v), true
	case iter.Seq2[any, error]:
		return Stream(v), true
	case iter.Seq2[string, error]:
		return Stream(v), true
	case iter.Seq2[[]byte, error]:
		return Stream(v), true
	default:
		return JSON(v), false
	}
}

// openBody is a body that will be read once, or closed without.
type openBody struct {
	whole  *chunk
	pieces iter.Seq2[any, error]
	base64 bool
	close  func()
}

// open checks a whole body; one in pieces is checked as they come.
func (b Body) open(base64 bool) (*openBody, error) {
	opened := &openBody{pieces: b.pieces, base64: base64, close: func() {}}
	if b.closer != nil {
		// Its error no longer matters to anybody.
		opened.close = sync.OnceFunc(func() { _ = b.closer.Close() })
	}
	if b.pieces != nil {
		return opened, nil
	}
	whole, err := toChunk(b.whole, base64)
	if err != nil {
		return nil, err
	}
	opened.whole = &whole
	return opened, nil
}

// each yields the chunks of the body until one is refused. Text that was cut through a character is put together again.
func (b *openBody) each(yield func(chunk) bool) error {
	if b.whole != nil {
		yield(*b.whole)
		return nil
	}
	held := ""
	for piece, err := range b.pieces {
		if err != nil {
			return err
		}
		one, err := toChunk(piece, b.base64)
		if err != nil {
			return err
		}
		if one.raw && held != "" && !yield(chunk{text: held}) {
			return nil
		}
		if one.raw {
			held = ""
		} else {
			text := held + one.text
			cut := len(text) - unfinished(text)
			one.text, held = text[:cut], text[cut:]
		}
		if one.len() > 0 && !yield(one) {
			return nil
		}
	}
	if held != "" {
		yield(chunk{text: held})
	}
	return nil
}

// collect reads all of the body at once.
func (b *openBody) collect() (chunk, error) {
	defer b.close()
	var all collector
	err := b.each(func(c chunk) bool { all = append(all, c); return true })
	return all.joined(), err
}

// newReader reads an open body as text and bytes, and closes it with itself.
func (b *openBody) newReader() io.ReadCloser {
	if b.whole != nil {
		return io.NopCloser(io.MultiReader(strings.NewReader(b.whole.text), bytes.NewReader(b.whole.bytes)))
	}
	reader, writer := io.Pipe()
	go func() {
		defer b.close()
		writer.CloseWithError(inPhase(PhaseBody, func() error {
			return b.each(func(c chunk) bool {
				_, err := writer.Write(append([]byte(c.text), c.bytes...))
				return err == nil
			})
		}))
	}()
	return reader
}
