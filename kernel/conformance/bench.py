"""Figures of this kernel beside ipykernel's, taken in one run, as a Markdown table.

    python kernel/conformance/bench.py

Not a test: the numbers depend on the machine, their ratio much less. The two
kernels take turns, so that a noisy moment hits both.
"""

import statistics
import subprocess
import time

import zmq
from jupyter_client.manager import KernelManager

from harness import Kernel, build

# Seconds after which a worker has loaded what cells use most, and given back its garbage.
REST = 8

CODE = {
    "go": {
        "print": "%limit output=100MB\nfor i := 0; i < 100000; i++ {\n\tfmt.Println(i)\n}",
        "hello": 'fmt.Println("hello")',
        "complete": "fmt.Pr",
        "busy": "for i := 0; i < 1000; i++ {\n\tgo func() {\n\t\tfor {\n\t\t}\n\t}()\n}\nfor {\n}",
    },
    "python3": {
        "print": "for i in range(100000): print(i)",
        "hello": "print('hello')",
        "complete": "import os\nos.pa",
        "busy": None,  # a thousand Python threads that spin would measure its GIL
    },
}


def timed(f):
    begun = time.perf_counter()
    value = f()
    return (time.perf_counter() - begun) * 1000, value


def start(name, ask):
    """Milliseconds from the start of the process to its first answer.

    jupyter_client's own way of waiting counts in steps of 200 ms and ZeroMQ
    tries to connect every 100 ms; here it tries every millisecond.
    """
    context = zmq.Context()
    context.reconnect_ivl = 1
    km = KernelManager(kernel_name=name)
    begun = time.perf_counter()
    km.start_kernel(stderr=subprocess.DEVNULL)
    kc = km.client(context=context)
    kc.start_channels(hb=False)
    ask(kc)
    kc.get_shell_msg(timeout=60)
    taken = (time.perf_counter() - begun) * 1000
    kc.stop_channels()
    km.shutdown_kernel(now=True)
    context.destroy(linger=0)
    return taken


def round_trip(kernel):
    """From sending 1+1 to having both its reply and its idle."""
    return timed(lambda: kernel.run("1+1"))[0]


def completion(kernel, code):
    return timed(lambda: kernel.ask("complete_request", {"code": code, "cursor_pos": len(code)}))[0]


def lines(kernel, code):
    taken, result = timed(lambda: kernel.run(code))
    lost = 100_000 - len(result.stdout.splitlines())
    return taken, lost


def heartbeat(kernel, times):
    s = zmq.Context.instance().socket(zmq.REQ)
    s.connect(f"tcp://{kernel.km.ip}:{kernel.km.hb_port}")
    taken = []
    for _ in range(times):
        taken.append(timed(lambda: (s.send(b"ping"), s.recv()))[0])
    s.close()
    return taken


def while_busy(kernel, code):
    cell = kernel.send(code)
    kernel.iopub(cell, "execute_input")
    beats = heartbeat(kernel, 50)
    control = [timed(lambda: kernel.ask("kernel_info_request", {}, "control"))[0] for _ in range(50)]
    completions = [completion(kernel, CODE["go"]["complete"]) for _ in range(20)]

    def stop():
        kernel.interrupt()
        kernel.reply(cell)

    return beats, control, completions, timed(stop)[0]


def both(values, digits=1):
    values = sorted(values)
    p95 = values[min(len(values) - 1, int(len(values) * 0.95))]
    return f"{statistics.median(values):.{digits}f} / {p95:.{digits}f}"


def main():
    names = [build(), "python3"]
    rows = []

    def row(what, go, python):
        rows.append((what, go, python))

    starts = {n: [] for n in names}
    firsts = {n: [] for n in names}
    hellos = {n: [] for n in names}
    for _ in range(10):
        for n in names:
            starts[n].append(start(n, lambda kc: kc.kernel_info()))
            firsts[n].append(start(n, lambda kc: kc.execute("1+1")))
            hellos[n].append(start(n, lambda kc: kc.execute(CODE[n]["hello"])))
    row("start until kernel_info is answered, ms, median / p95", *(both(starts[n]) for n in names))
    row("start until the first cell is answered, ms, median / p95", *(both(firsts[n]) for n in names))

    row("start until a first cell that prints is answered, ms, median / p95", *(both(hellos[n]) for n in names))

    kernels = {n: Kernel(n) for n in names}
    try:
        trips = {n: [] for n in names}
        completions = {n: [] for n in names}
        for k in kernels.values():
            for _ in range(20):
                round_trip(k)
        for _ in range(500):
            for n, k in kernels.items():
                trips[n].append(round_trip(k))
        row("`1+1` until reply and idle, ms, median / p95", *(both(trips[n], 2) for n in names))
        for _ in range(100):
            for n, k in kernels.items():
                completions[n].append(completion(k, CODE[n]["complete"]))
        row("completion, ms, median / p95", *(both(completions[n], 2) for n in names))
        floods = {n: [] for n in names}
        for _ in range(7):
            for n, k in kernels.items():
                floods[n].append(lines(k, CODE[n]["print"]))
        row("100,000 printed lines, s, median / p95 (lines lost)",
            *(f"{both([t / 1000 for t, _ in floods[n]], 2)} ({sum(lost for _, lost in floods[n])})" for n in names))
    finally:
        for k in kernels.values():
            k.stop()

    fresh = {n: Kernel(n) for n in names}
    try:
        for k in fresh.values():
            k.run("1+1")
        time.sleep(REST)
        memory = {n: k.memory() / (1 << 20) for n, k in fresh.items()}
        parts = ", ".join(f"{p.memory_full_info().uss / (1 << 20):.0f}" for p in [fresh[names[0]].process, *fresh[names[0]].workers()])
        row("memory at rest after one cell, MB (front, workers)", f"{memory[names[0]]:.0f} ({parts})", f"{memory['python3']:.0f}")
        beats, control, busy, stopped = while_busy(fresh[names[0]], CODE["go"]["busy"])
        row("while 1,000 goroutines spin: heartbeat, ms, median / p95", both(beats, 2), "–")
        row("… kernel_info on control, ms, median / p95", both(control, 2), "–")
        row("… completion, ms, median / p95", both(busy, 2), "–")
        row("… interrupt until the cell is answered, ms", f"{stopped:.0f}", "–")
    finally:
        for k in fresh.values():
            k.stop()

    print("| | Interleave | ipykernel |\n|---|---|---|")
    for r in rows:
        print("| " + " | ".join(r) + " |")


if __name__ == "__main__":
    main()
