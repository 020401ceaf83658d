package lpradapter

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// maxMargin is how long before its time is up an item's context ends; half of it before the end of the invocation the
// adapter gives the item up.
const maxMargin = 200 * time.Millisecond

// scope bounds the time of one item. It must be closed when the item is done.
type scope struct {
	// handler is the context for the item's handler.
	handler context.Context
	// givenUp ends, later than the handler's own context, when the adapter no longer waits for the item.
	givenUp  context.Context
	giveUp   context.CancelCauseFunc
	cancel   context.CancelCauseFunc
	releases []func() bool

	mu             sync.Mutex
	clientTimer    *time.Timer
	clientDeadline time.Time
}

// newScope makes the scope of an item. Without an id its context keeps that of the invocation. A nil gone never ends.
func newScope(in context.Context, id string, clientDeadline time.Time, gone context.Context) *scope {
	s := &scope{clientDeadline: clientDeadline}
	s.givenUp, s.giveUp = context.WithCancelCause(in)
	var inner context.Context
	inner, s.cancel = context.WithCancelCause(s.givenUp)
	s.handler = &itemContext{withID(inner, id), s}
	s.watchInvocation(in)
	s.watchClients()
	if gone != nil {
		s.releases = append(s.releases, context.AfterFunc(gone, func() { s.giveUp(context.Cause(gone)) }))
	}
	return s
}

// headSent says that the clients, who wait for the head only, no longer bound the time.
func (s *scope) headSent() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.clientTimer != nil {
		s.clientTimer.Stop()
	}
	s.clientDeadline = time.Time{}
}

func (s *scope) close() {
	s.headSent()
	for _, release := range s.releases {
		release()
	}
	s.cancel(context.Canceled)
	s.giveUp(context.Canceled)
}

func (s *scope) watchInvocation(in context.Context) {
	end, ok := in.Deadline()
	if !ok {
		return
	}
	left := time.Until(end)
	expired := &expiredError{"the time of the invocation is almost up"}
	soft := time.AfterFunc(left-margin(left), func() {
		s.cancel(expired)
		// Should that come late, because the machine was busy, the handler still gets half of what is left.
		hard := time.AfterFunc(time.Until(end)/2, func() { s.giveUp(expired) })
		context.AfterFunc(s.givenUp, func() { hard.Stop() })
	})
	s.releases = append(s.releases, soft.Stop)
}

func (s *scope) watchClients() {
	if s.clientDeadline.IsZero() {
		return
	}
	left := time.Until(s.clientDeadline)
	expired := &expiredError{"the clients of this batch are about to give up"}
	s.clientTimer = time.AfterFunc(left-margin(left), func() { s.cancel(expired) })
}

// margin is a tenth of a short time, so that most of it is left for the work.
func margin(left time.Duration) time.Duration {
	return min(maxMargin, max(left, 0)/10)
}

func withID(ctx context.Context, id string) context.Context {
	if id == "" {
		return ctx
	}
	var own lambdacontext.LambdaContext
	if outer, ok := lambdacontext.FromContext(ctx); ok {
		own = *outer
	}
	own.AwsRequestID = id
	return lambdacontext.NewContext(ctx, &own)
}

// itemContext ends shortly before its deadline, which may move: the clients' counts only until they have the head.
type itemContext struct {
	context.Context
	scope *scope
}

func (c *itemContext) Deadline() (time.Time, bool) {
	c.scope.mu.Lock()
	client := c.scope.clientDeadline
	c.scope.mu.Unlock()
	end, ok := c.Context.Deadline()
	if !client.IsZero() && (!ok || client.Before(end)) {
		return client, true
	}
	return end, ok
}

// Err says that time was short where the standard library would say that somebody cancelled.
func (c *itemContext) Err() error {
	err := c.Context.Err()
	if err != nil && errors.Is(context.Cause(c.Context), context.DeadlineExceeded) {
		return context.DeadlineExceeded
	}
	return err
}
