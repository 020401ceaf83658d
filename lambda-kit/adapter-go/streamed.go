package lpradapter

import (
	"context"
	"errors"
	"io"
)

// recordStream is what the runtime reads and sends on: lines of NDJSON.
type recordStream struct {
	*io.PipeReader
	lose context.CancelCauseFunc
}

// ContentType is asked for by the runtime.
func (*recordStream) ContentType() string { return "application/x-ndjson" }

// MarshalJSON fails, so that the runtime reads the stream instead.
func (*recordStream) MarshalJSON() ([]byte, error) { return nil, errors.New("a stream has no JSON") }

// Close is called by the runtime, early when it cannot send the stream on.
func (s *recordStream) Close() error {
	s.lose(&goneError{errors.New("closed before its end")})
	return s.PipeReader.Close()
}

// streamJob is what the items of one streamed batch share.
type streamJob struct {
	*invocation
	batch  *batch
	writer *io.PipeWriter
	gone   context.Context
}

func answerStreamed(in *invocation, b *batch) io.Reader {
	reader, writer := io.Pipe()
	gone, lose := context.WithCancelCause(context.Background())
	job := &streamJob{in, b, writer, gone}
	go job.answerAll()
	return &recordStream{reader, lose}
}

func (j *streamJob) answerAll() {
	settled := context.AfterFunc(j.gone, func() {
		j.report(context.Cause(j.gone), ErrorInfo{RequestID: invocationID(j.ctx), Phase: PhaseWrite})
	})
	answer := j.answerWhole
	if j.settings.interleaved {
		answer = j.answerInterleaved
	}
	forEach(j.batch.answerable(j.invocation), j.settings.concurrency, func(_ int, it item) {
		if j.gone.Err() != nil {
			return
		}
		s := newScope(j.ctx, it.id, j.batch.deadline, j.gone)
		defer s.close()
		answer(s, it)
	})
	settled()
	_ = j.writer.Close()
}

// answerWhole answers with one record, or with interleaved ones if it is too large for that: routers bound the length of
// a line.
func (j *streamJob) answerWhole(s *scope, it item) {
	var answered head
	body, failed := j.collect(s, it, &answered)
	switch {
	case failed != nil:
		j.reportFailure(failed, it)
		j.write(oneRecord{wireVersion, failedResponse(it.id, failed)})
	case body.len() > maxChunk:
		j.write(headRecord{start(it, "head"), answered})
		j.writeChunks(it, body)
		j.write(start(it, "end"))
	default:
		j.write(oneRecord{wireVersion, bufferedResponse{it.id, answered, body.encode()}})
	}
}

// answerInterleaved answers with a head at once, the body piece by piece, and an end.
func (j *streamJob) answerInterleaved(s *scope, it item) {
	run := j.start(s, it.raw)
	headSent := false
	for {
		switch e := run.next(); {
		case e.failure != nil:
			j.reportFailure(e.failure, it)
			j.write(errorOf(it, e.failure, headSent))
			return
		case e.head != nil:
			j.write(headRecord{start(it, "head"), *e.head})
			headSent = true
			s.headSent()
		case e.chunk != nil:
			j.writeChunks(it, *e.chunk)
		default:
			j.write(start(it, "end"))
			return
		}
	}
}

func (j *streamJob) writeChunks(it item, body chunk) {
	for part := range body.split() {
		j.write(chunkRecord{start(it, "chunk"), part.encode()})
	}
}

// write waits until the line was read, or until the stream is gone, which ends every item's scope.
func (j *streamJob) write(record any) {
	line, _ := marshal(record) // Records are text and numbers: they always have JSON.
	_, _ = j.writer.Write(append(line, '\n'))
}

// oneRecord is a whole response on one line.
type oneRecord struct {
	V int `json:"v"`
	bufferedResponse
}

// recordStart is what every interleaved record begins with, and all of the record that ends a response.
type recordStart struct {
	V    int    `json:"v"`
	ID   string `json:"id"`
	Type string `json:"type"`
}

type headRecord struct {
	recordStart
	head
}

type chunkRecord struct {
	recordStart
	encodedBody
}

type errorRecord struct {
	recordStart
	StatusCode int    `json:"statusCode"`
	Message    string `json:"message"`
}

func start(it item, kind string) recordStart { return recordStart{wireVersion, it.id, kind} }

// errorOf tells the router that an item failed. After the head the client cannot be told a status any more, so the
// router resets its connection.
func errorOf(it item, failed *failure, headSent bool) errorRecord {
	status, message := failed.clientAnswer()
	if headSent && failed.phase == PhaseBody {
		message = "stream error"
	}
	return errorRecord{start(it, "error"), status, message}
}
