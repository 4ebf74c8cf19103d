package async

import "time"

// Timeout calls f in the running task and raises TimeoutError where that takes longer
// than d: f is cancelled at the await where it stands. It is "async with
// asyncio.timeout(d):". (Lib/asyncio/timeouts.py)
func Timeout(d time.Duration, f func()) {
	t := awaiting()
	expired := false
	expire := func() {
		expired = true
		t.cancel()
	}
	requests := t.requests
	var timer *Timer
	if d <= 0 {
		cancel := false
		t.loop.callSoon("timeout of "+t.name, func() {
			if !cancel {
				expire()
			}
		})
		defer func() { cancel = true }()
	} else {
		timer = t.loop.callLater("timeout of "+t.name, int64(d), expire)
	}
	r := catch(f)
	if timer != nil {
		timer.Cancel()
	}
	if expired && t.uncancel() <= requests && r.cancelled() {
		panic(TimeoutError)
	}
	if r != nil {
		r.again()
	}
}

// WaitFor waits for a, at most d; then it cancels it and raises TimeoutError.
// (tasks.wait_for, since Python 3.12)
func WaitFor[T any](a Awaitable[T], d time.Duration) *Coroutine[T] {
	return library("wait_for", func() (v T) {
		if d > 0 {
			Timeout(d, func() { v = Await(a) })
			return v
		}
		f := a.ensure()
		if !f.Done() {
			f.Cancel()
			settled := newFuture[None](f.loop, "wait_for")
			back := f.then("wait_for", func() {
				if !settled.Done() {
					settled.set(None{})
				}
			})
			defer f.remove(back)
			settled.await()
			if f.Cancelled() {
				panic(TimeoutError)
			}
		}
		return f.Result()
	})
}
