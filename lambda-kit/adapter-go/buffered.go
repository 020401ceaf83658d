package lpradapter

import (
	"fmt"
	"slices"
)

// envelope is the answer to a batch that is not streamed.
type envelope struct {
	V         int                `json:"v"`
	Responses []bufferedResponse `json:"responses"`
}

// bufferedResponse is one item's whole answer.
type bufferedResponse struct {
	ID string `json:"id"`
	head
	encodedBody
}

func answerBuffered(in *invocation, b *batch) *envelope {
	items := b.answerable(in)
	responses := make([]bufferedResponse, len(items))
	forEach(items, in.settings.concurrency, func(index int, it item) {
		s := newScope(in.ctx, it.id, b.deadline, nil)
		defer s.close()
		response, failed := in.wholeAnswer(s, it)
		if failed != nil {
			in.reportFailure(failed, it)
			response = failedResponse(it.id, failed)
		}
		responses[index] = response
	})
	return &envelope{wireVersion, in.fitted(responses, items)}
}

func (in *invocation) wholeAnswer(s *scope, it item) (bufferedResponse, *failure) {
	var answered head
	body, failed := in.collect(s, it, &answered)
	return bufferedResponse{it.id, answered, body.encode()}, failed
}

// collect runs an item to its end, for its head and all of its body.
func (in *invocation) collect(s *scope, it item, answered *head) (chunk, *failure) {
	var body collector
	run := in.start(s, it.raw)
	for {
		switch e := run.next(); {
		case e.failure != nil:
			return chunk{}, e.failure
		case e.head != nil:
			*answered = *e.head
		case e.chunk != nil:
			body = append(body, *e.chunk)
		default:
			return body.joined(), nil
		}
	}
}

// failedResponse is the answer to an item that failed before anything of its response was sent.
func failedResponse(id string, failed *failure) bufferedResponse {
	status, message := failed.clientAnswer()
	headers := map[string]string{"content-type": "text/plain"}
	return bufferedResponse{id, head{StatusCode: status, Headers: headers}, encodedBody{Body: message}}
}

// maxResponses is the most bytes of responses in one envelope. Lambda takes 6 MiB and fails the whole invocation beyond
// it; the margin is for the envelope around the responses.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxResponses = 6*1024*1024 - 1024

// fitted replaces the largest responses by failures if all together would be too large for one invocation.
func (in *invocation) fitted(responses []bufferedResponse, items []item) []bufferedResponse {
	if surelyFit(responses) {
		return responses
	}
	sizes := make([]int, len(responses))
	order := make([]int, len(responses))
	for index, response := range responses {
		encoded, _ := marshal(response)
		sizes[index] = len(encoded) + 1
		order[index] = index
	}
	slices.SortStableFunc(order, func(a, b int) int { return sizes[a] - sizes[b] })
	left := maxResponses
	for _, index := range order {
		if left -= sizes[index]; left < 0 {
			responses[index] = in.tooLarge(items[index], sizes[index])
		}
	}
	return responses
}

// surelyFit lets most batches through by their lengths alone: to measure exactly means to encode twice. JSON writes one
// byte as six at most.
func surelyFit(responses []bufferedResponse) bool {
	total := 0
	for _, response := range responses {
		total += len(response.Body)
	}
	return total*6 < maxResponses/2
}

func (in *invocation) tooLarge(it item, size int) bufferedResponse {
	failed := &failure{PhaseResponse, fmt.Errorf("response of %d bytes: all responses of a batch share %d bytes; "+
		"stream them, or make maxBatchSize smaller", size, maxResponses)}
	in.reportFailure(failed, it)
	return failedResponse(it.id, failed)
}
