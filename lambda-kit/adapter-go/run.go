package lpradapter

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"
)

// run is one item at work, in a goroutine of its own, so that a handler or a body that never ends can be given up.
type run struct {
	scope  *scope
	events chan event
	body   atomic.Pointer[openBody]
}

// event is one thing that a run has to tell: its head first, then its chunks, in the end done or a failure.
type event struct {
	head    *head
	chunk   *chunk
	failure *failure
	done    bool
}

var errGoexit = errors.New("the handler ended its goroutine")

// start has the handler answer an item. Whoever starts a run calls next until it is done or has failed.
func (in *invocation) start(s *scope, raw json.RawMessage) *run {
	r := &run{scope: s, events: make(chan event)}
	go func() {
		last := event{failure: &failure{PhaseHandler, errGoexit}}
		defer func() { r.emit(last) }()
		last = r.work(in.call, raw)
	}()
	return r
}

func (r *run) work(call call, raw json.RawMessage) event {
	answer, err := r.respond(call, raw)
	if err == nil {
		defer answer.body.close()
		r.body.Store(answer.body)
		err = r.send(answer)
	}
	if failed, ok := errors.AsType[*failure](err); ok {
		return event{failure: failed}
	}
	return event{done: true}
}

func (r *run) respond(call call, raw json.RawMessage) (answer *answer, err error) {
	var value any
	err = inPhase(PhaseHandler, func() (err error) {
		value, err = call(r.scope.handler, raw)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = inPhase(PhaseResponse, func() (err error) {
		answer, err = readAnswer(value)
		return err
	})
	return answer, err
}

func (r *run) send(answer *answer) error {
	if !r.emit(event{head: &answer.head}) {
		return nil
	}
	return inPhase(PhaseBody, func() error {
		return answer.body.each(func(c chunk) bool { return r.emit(event{chunk: &c}) })
	})
}

// emit says whether anybody still listens.
func (r *run) emit(e event) bool {
	select {
	case r.events <- e:
		return true
	case <-r.scope.givenUp.Done():
		return false
	}
}

// next waits for the next event, or until the item is given up.
func (r *run) next() event {
	select {
	case e := <-r.events:
		return e
	case <-r.scope.givenUp.Done():
		if body := r.body.Load(); body != nil {
			// A read may hang in it; to close it is the one way to end that, and may take its time too.
			go body.close()
		}
		return event{failure: givenUp(context.Cause(r.scope.givenUp))}
	}
}

// forEach calls work for every item, limit at a time (all for 0), started in order, and returns when all are done.
func forEach(items []item, limit int, work func(index int, it item)) {
	if limit == 0 {
		limit = len(items)
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(limit, len(items)) {
		workers.Go(func() {
			for index := next.Add(1) - 1; int(index) < len(items); index = next.Add(1) - 1 {
				work(int(index), items[index])
			}
		})
	}
	workers.Wait()
}
