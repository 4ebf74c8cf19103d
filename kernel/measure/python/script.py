# Threads that note when they run. It also runs under Python 2.7, whose lock is the old one.
import json, os, sys, threading, time

mix = json.loads(sys.argv[1])
clock = getattr(time, "perf_counter_ns", None) or (lambda: int(time.time() * 1e9))
if hasattr(sys, "setswitchinterval"):
    sys.setswitchinterval(mix["interval"])
nap = mix["io"]


def clock_used():
    """The processor time of all threads, in ns."""
    now = os.times()
    return int((now[0] + now[1]) * 1e9)


def spin(n):
    while n:
        n -= 1


def calibrate():
    """How many turns take about 5 microseconds, and how long naps take alone: 41 lengths, evenly over their order."""
    n = 20
    while True:
        best = min(timed(n) for _ in range(20))
        if best > 4000 or n > 1000000:
            break
        n = n * 3 // 2
    naps = []
    if mix["io_threads"]:
        end = clock() + 150000000
        while clock() < end:
            before = clock()
            time.sleep(nap)
            naps.append(clock() - before)
    naps.sort()
    return n, best, [naps[i * (len(naps) - 1) // 40] for i in range(41)] if naps else [0]


def timed(n):
    before = clock()
    spin(n)
    return clock() - before


turns, step, naps = calibrate()
gap = max(4 * step, 20000)
go = threading.Event()
until = [0]


def compute(notes):
    go.wait()
    end = until[0]
    begin = last = clock()
    while last < end:
        spin(turns)
        now = clock()
        if now - last > gap:
            notes.append(begin)
            notes.append(last)
            begin = now
        last = now
    notes.append(begin)
    notes.append(last)


def wait(notes):
    go.wait()
    end = until[0]
    now = clock()
    while now < end:
        notes.append(now)
        time.sleep(nap)
        notes.append(clock())
        now = clock()


cpu = [[] for _ in range(mix["cpu_threads"])]
io = [[] for _ in range(mix["io_threads"])]
threads = [threading.Thread(target=compute, args=(c,)) for c in cpu] + [threading.Thread(target=wait, args=(i,)) for i in io]
for t in threads:
    t.daemon = True
    t.start()
used = clock_used()
start = clock()
until[0] = start + int(mix["seconds"] * 1e9)
go.set()
for t in threads:
    t.join()
used = clock_used() - used
enabled = getattr(sys, "_is_gil_enabled", lambda: True)()
json.dump({"start": start, "end": until[0], "step": step, "alone": naps[len(naps) // 2], "naps": naps, "used": used, "gil": bool(enabled), "cpu": cpu, "io": io}, sys.stdout)
