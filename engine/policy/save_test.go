package policy

import (
	"slices"
	"testing"
)

// clone is a rig that goes on by itself with the same tasks: only one of the two may
// be used at a time, after restore.
type rigSaved struct {
	rig    rig
	tasks  []Task
	policy any
}

func (r *rig) save() rigSaved {
	s := rigSaved{rig: *r, policy: r.p.Save()}
	s.rig.copyLists()
	for _, t := range r.tasks {
		s.tasks = append(s.tasks, *t)
	}
	return s
}

func (r *rig) copyLists() {
	r.burst, r.left, r.timers, r.cores = slices.Clone(r.burst), slices.Clone(r.left), slices.Clone(r.timers), slices.Clone(r.cores)
	r.out.pieces, r.out.notes = slices.Clone(r.out.pieces), slices.Clone(r.out.notes)
}

func (r *rig) restore(s rigSaved) {
	*r = s.rig
	r.copyLists()
	for i, t := range s.tasks {
		*r.tasks[i] = t
	}
	r.p.Load(s.policy)
}

// Every policy goes on from a copy of its state as it went on from the state itself, as
// often as is wanted.
func TestSaveAndLoadInTheMidst(t *testing.T) {
	r := NewRand(5, 1)
	for _, k := range Kinds() {
		for range 40 {
			for _, name := range []string{k.Name, k.Example} {
				for _, cores := range []int{1, 3} {
					p, err := Named(name)
					if err != nil {
						t.Fatal(err)
					}
					rig := newRigged(p, cores, randomProcs(&r, 30), ms)
					for range r.Intn(60) {
						rig.step()
					}
					saved := rig.save()
					var first string
					for n := range 3 {
						for rig.step() {
						}
						text := rig.finish().String()
						for _, note := range rig.out.notes {
							text += "\n" + note
						}
						if n == 0 {
							first = text
						} else if text != first {
							t.Fatalf("%s on %d cores:\n%s\ngoes on after Load as\n%s", name, cores, first, text)
						}
						rig.restore(saved)
					}
				}
			}
		}
	}
}
