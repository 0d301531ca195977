package main

import (
	"fmt"
	"os"
	"strings"
)

// Launching. A launch is complete when each requirement of its service has an exporter that is running, that is, whose own
// launch is complete. In a world in which every process waits, nobody will ever export or launch anything more, and so what
// is not complete then never will be: those launches fail, with DependencyCycle where the requirements lead into a cycle, and
// else with NotFound.

// completeLaunches completes what can be, again and again until nothing changes.
func (k *kernel) completeLaunches() {
	for changed := true; changed; {
		changed = false
		for _, s := range k.launching() {
			if k.requirementsRun(s) {
				calls := s.launches
				s.launches, s.running, changed = nil, true, true
				for _, call := range calls {
					k.resolve(call, launchResult(), noError)
				}
			}
		}
	}
}

// launchResult is what a launch ends with, also one that failed.
func launchResult() message { return wrapped(newMessage("syscall.v1.LaunchResponse")) }

func (k *kernel) requirementsRun(s *registered) bool {
	for _, name := range s.requires {
		running := false
		for _, exporter := range k.exporters[name] {
			running = running || exporter.running
		}
		if !running {
			return false
		}
	}
	return true
}

// launching is the services whose launch is under way, those that were registered earlier first.
func (k *kernel) launching() (list []*registered) {
	for _, s := range k.all {
		if len(s.launches) > 0 {
			list = append(list, s)
		}
	}
	return list
}

// failLaunches fails every launch, if all processes wait for each other.
func (k *kernel) failLaunches() {
	for _, p := range k.order {
		if !p.ended && (!p.waiting || p.hasMail()) {
			return
		}
	}
	launching := k.launching()
	var failed []kernelErr
	said := false
	for _, s := range launching {
		code := notFound
		if cycle := k.cycleFrom(s, nil); cycle != nil && !k.misses(s) {
			code = dependencyCycle
			if !said {
				fmt.Fprintln(os.Stderr, "parigot: cycle of requirements:", strings.Join(cycle, " -> "))
				said = true
			}
		}
		for _, name := range s.requires {
			if len(k.exporters[name]) == 0 {
				fmt.Fprintf(os.Stderr, "parigot: service %s requires %v, which no service of this world exports\n", s.process.name, name)
			}
		}
		failed = append(failed, code)
	}
	for i, s := range launching {
		calls := s.launches
		s.launches = nil
		for _, call := range calls {
			k.resolve(call, launchResult(), failed[i])
		}
	}
}

// misses tells whether nobody exports something that the service itself requires.
func (k *kernel) misses(s *registered) bool {
	for _, name := range s.requires {
		if len(k.exporters[name]) == 0 {
			return true
		}
	}
	return false
}

// cycleFrom is the first cycle that the service's requirements lead into, as names of processes with what they export; or nil.
func (k *kernel) cycleFrom(s *registered, path []*registered) []string {
	for i, earlier := range path {
		if earlier == s {
			var names []string
			for _, member := range append(path[i:], s) {
				names = append(names, fmt.Sprintf("%s (%v)", member.process.name, member.exports[0]))
			}
			names[len(names)-1] = s.process.name
			return names
		}
	}
	path = append(path, s)
	for _, name := range s.requires {
		for _, exporter := range k.exporters[name] {
			if !exporter.running {
				if cycle := k.cycleFrom(exporter, path); cycle != nil {
					return cycle
				}
			}
		}
	}
	return nil
}
