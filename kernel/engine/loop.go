package engine

import "interleave/engine/draw/loop"

// Loop draws the event loop of a run under the policy "loop", as async.Run makes one:
// turn by turn what was ready and in which order it ran, the timers, who waited for what,
// and what held up the loop. engine.Last().Loop() draws that of the cell before.
func (e *Execution) Loop() *Drawing { return drawn(loop.Draw(e.of().Trace, e.of().Source)) }
