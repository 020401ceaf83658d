// Package vectors has the script handler for Go: a Lambda handler that does what a script in its own event says, so that
// the adapter can be tested with the cases of contract/vectors. The README there describes the language.
package vectors

import "sync"

// Run is what the handlers of one run know of each other, and what is left of it for whoever started it.
type Run struct {
	Peak     int
	Handled  []string
	running  int
	finished int

	mu      sync.Mutex
	changed *sync.Cond
}

var (
	mu          sync.Mutex
	currentName string
	current     *Run
)

// RunOf gives the run of that name; to ask for another one is to forget it.
func RunOf(name string) *Run {
	mu.Lock()
	defer mu.Unlock()
	if current == nil || currentName != name {
		current = &Run{}
		current.changed = sync.NewCond(&current.mu)
		currentName = name
	}
	return current
}

func (r *Run) start(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Handled = append(r.Handled, id)
	r.running++
	r.Peak = max(r.Peak, r.running)
	r.changed.Broadcast()
}

func (r *Run) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running--
	r.finished++
	r.changed.Broadcast()
}

// wait blocks until so many have been at work at once, and so many have ended. Peaks stay, so whoever comes late has not
// missed the moment.
func (r *Run) wait(running, finished int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.Peak < running || r.finished < finished {
		r.changed.Wait()
	}
}
