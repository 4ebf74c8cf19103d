package policy

// asker answers the questions that not every policy is asked.
type asker interface {
	Scheduled
	stepped(now int64, core int, t *Task) Verdict
	chosen(now int64, what Choice, n int) int
}

type stepping struct{ asker }

func (s stepping) Step(now int64, core int, t *Task) Verdict { return s.stepped(now, core, t) }

type choosing struct{ asker }

func (c choosing) Choose(now int64, what Choice, n int) int { return c.chosen(now, what, n) }

type both struct{ asker }

func (b both) Step(now int64, core int, t *Task) Verdict { return b.stepped(now, core, t) }
func (b both) Choose(now int64, what Choice, n int) int  { return b.chosen(now, what, n) }

// wrap gives a policy just the methods that it is to be asked by.
func wrap(a asker, step, choose bool) Scheduled {
	switch {
	case step && choose:
		return both{a}
	case step:
		return stepping{a}
	case choose:
		return choosing{a}
	}
	return a
}
