"""Runs programs over asyncio, given as JSON on standard input, and prints their outputs as JSON.

The clock is a virtual one: a selector that would sleep moves it instead, by whole milliseconds as epoll does, each look at it
moves it by a microsecond, and time.sleep moves it too. All else is Python's own. "--real" leaves the clock alone.
"""

import asyncio
import contextlib
import io
import json
import math
import selectors
import socket
import sys
import time


class Clock(selectors.DefaultSelector):
    now = 1000.0

    def select(self, timeout=None):
        events = super().select(0 if timeout is None or timeout <= 0 or Clock.now else timeout)
        if not events and timeout is None:
            return super().select(None)
        if not events and timeout > 0:
            Clock.now += math.ceil(timeout * 1e3) * 1e-3
        return events

    @staticmethod
    def look():
        Clock.now += 1e-6
        return Clock.now

    @staticmethod
    def sleep(seconds):
        Clock.now += seconds


class Loop(asyncio.SelectorEventLoop):
    def __init__(self):
        super().__init__(Clock())

    def time(self):
        return Clock.look()


class Policy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self):
        return Loop()


if "--real" not in sys.argv:
    asyncio.set_event_loop_policy(Policy())
    time.sleep = Clock.sleep
outputs = []
for program in json.load(sys.stdin):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(program, "program", "exec"), {"asyncio": asyncio, "socket": socket, "time": time})
    outputs.append(out.getvalue())
json.dump(outputs, sys.stdout)
