package vectors

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"iter"
	"math"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	lpradapter "github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go"
)

// Event is an item of a batch, of whatever shape.
type Event = map[string]any

// Handler does what the event's script says, and answers with the most general of the types that the adapter takes.
func Handler(ctx context.Context, event Event) (any, error) {
	value, err := perform(ctx, event)
	if o, ok := value.(object); ok {
		return response(o), err
	}
	return value, err
}

// TypedHandler does the same, and answers with the types that a Go function would rather use, where they can say it.
func TypedHandler(ctx context.Context, event Event) (any, error) {
	value, err := perform(ctx, event)
	if o, ok := value.(object); ok {
		return typed(response(o)), err
	}
	return value, err
}

type scope struct {
	ctx   context.Context
	event Event
	run   *Run
}

func perform(ctx context.Context, event Event) (any, error) {
	headers, _ := event["headers"].(map[string]any)
	text, ok := headers["x-lpr-script"].(string)
	if !ok {
		return nil, errors.New("script: expected it in the header x-lpr-script")
	}
	script, err := parse(text)
	if err != nil {
		return nil, err
	}
	name, _ := headers["x-lpr-run"].(string)
	s := &scope{ctx, event, RunOf(name)}
	s.run.start(requestID(ctx))
	defer s.run.end()
	for _, step := range script.([]any) {
		key, operand := first(step)
		switch key {
		case "return":
			return s.evaluate(operand), nil
		case "throw":
			return nil, errors.New(operand.(string))
		case "throwValue":
			panic(s.evaluate(operand))
		default:
			s.pause(key, operand)
		}
	}
	return nil, nil
}

func (s *scope) pause(key string, operand any) {
	switch key {
	case "delayMs":
		time.Sleep(time.Duration(operand.(int)) * time.Millisecond)
	case "untilRunning":
		s.run.wait(operand.(int), 0)
	case "untilFinished":
		s.run.wait(0, operand.(int))
	case "untilCancelled":
		<-s.ctx.Done()
	case "hang":
		select {}
	default:
		panic("script: unknown step " + key)
	}
}

// evaluate makes the value that a script describes: JSON as it is, but for objects whose one key begins with $.
func (s *scope) evaluate(value any) any {
	switch v := value.(type) {
	case []any:
		list := make([]any, len(v))
		for index, one := range v {
			list[index] = s.evaluate(one)
		}
		return list
	case object:
		if key, operand := first(v); strings.HasPrefix(key, "$") {
			return s.operate(key, operand)
		}
		o := make(object, len(v))
		for index, m := range v {
			o[index] = member{m.key, s.evaluate(m.value)}
		}
		return o
	default:
		return value
	}
}

func (s *scope) operate(key string, operand any) any {
	switch key {
	case "$nothing":
		return nil
	case "$number":
		return map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1)}[operand.(string)]
	case "$opaque":
		return func() {}
	case "$unprintable":
		return unprintable{}
	case "$base64":
		decoded, err := base64.StdEncoding.DecodeString(operand.(string))
		if err != nil {
			panic(err)
		}
		return decoded
	case "$repeat":
		list := operand.([]any)
		return strings.Repeat(list[0].(string), list[1].(int))
	case "$event":
		return memberOf(s.event, strings.Split(operand.(string), "."))
	case "$context":
		return s.ofContext(operand.(string))
	case "$remainingWithin":
		bounds := operand.([]any)
		deadline, ok := s.ctx.Deadline()
		left := max(0, time.Until(deadline).Milliseconds())
		return ok && left >= int64(bounds[0].(int)) && left <= int64(bounds[1].(int))
	case "$stream":
		return lpradapter.Stream(s.stream(operand.([]any)))
	default:
		panic("script: unknown value " + key)
	}
}

func (s *scope) ofContext(name string) any {
	switch name {
	case "requestId":
		return requestID(s.ctx)
	case "functionName":
		return lambdacontext.FunctionName
	case "cancelled":
		return s.ctx.Err() != nil
	default:
		panic("script: unknown part of the context " + name)
	}
}

// stream is the same for every kind: Go has one.
func (s *scope) stream(parts []any) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for _, part := range parts {
			var piece any
			var err error
			switch key, operand := first(part); key {
			case "$delayMs", "$untilRunning", "$untilFinished", "$untilCancelled", "$hang":
				s.pause(key[1:], operand)
				continue
			case "$throw":
				err = errors.New(operand.(string))
			default:
				piece = s.evaluate(part)
			}
			if !yield(piece, err) {
				return
			}
		}
	}
}

// unprintable has neither JSON nor text.
type unprintable struct{}

func (unprintable) MarshalJSON() ([]byte, error) {
	return nil, errors.New("this value cannot be printed")
}
func (unprintable) String() string { panic("this value cannot be printed") }

func first(value any) (string, any) {
	if o, ok := value.(object); ok && len(o) > 0 {
		return o[0].key, o[0].value
	}
	return "", nil
}

func memberOf(value any, names []string) any {
	for _, name := range names {
		fields, _ := value.(map[string]any)
		value = fields[name]
	}
	return value
}

func requestID(ctx context.Context) string {
	own, ok := lambdacontext.FromContext(ctx)
	if !ok {
		return fmt.Sprint(nil)
	}
	return own.AwsRequestID
}
