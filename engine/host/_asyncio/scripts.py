# Runs scripts over asyncio; randomScript in async_test.go says what they are made of. SCRIPTS stands before this text.


class Script:
    def __init__(self, text):
        self.parts = [part.split() for part in text.split("|")]
        self.tasks = [None] * len(self.parts)
        self.log = []

    def task(self, k):
        if self.tasks[k] is None:
            self.tasks[k] = asyncio.create_task(self.run(k))
        return self.tasks[k]

    def pending(self, args):
        """The tasks that are not done: what gather does with others has changed in Python 3.12."""
        return [t for t in map(self.task, args) if not t.done()]

    def say(self, *words):
        self.log.append("".join(map(str, words)))

    async def run(self, k):
        self.say(k, "begins")
        try:
            for op in self.parts[k]:
                await self.do(k, op)
        except asyncio.CancelledError:
            self.say(k, "cancelled")
            raise
        finally:
            self.say(k, "ends")
        return k

    async def guarded(self, k, op, awaitable):
        try:
            r = await awaitable
            self.say(k, op, "=", r if isinstance(r, int) else "")
        except asyncio.CancelledError:
            if asyncio.current_task().cancelling():
                raise
            self.say(k, op, "!cancelled")
        except ValueError as e:
            self.say(k, op, "!", e)
        except asyncio.TimeoutError:
            self.say(k, op, "!timeout")
        except RuntimeError:
            self.say(k, op, "!runtime")

    async def within(self, seconds, awaitable):
        async with asyncio.timeout(seconds):
            return await awaitable

    async def do(self, k, op):
        name, _, rest = op.partition(":")
        args = [int(a) for a in rest.split(",")] if rest else []
        self.say(k, op)
        match name:
            case "p":
                pass
            case "yield":
                await asyncio.sleep(0)
            case "sleep":
                await asyncio.sleep(args[0] / 1000)
            case "create":
                self.task(args[0])
            case "cancel":
                if self.tasks[args[0]] is not None:
                    self.say(k, op, "=", int(self.tasks[args[0]].cancel()))
            case "await":
                await self.guarded(k, op, self.task(args[0]))
            case "gather":
                await self.guarded(k, op, asyncio.gather(*self.pending(args)))
            case "outcomes":
                await self.guarded(k, op, asyncio.gather(*self.pending(args), return_exceptions=True))
            case "shield":
                await self.guarded(k, op, asyncio.shield(self.task(args[0])))
            case "timeout":
                await self.guarded(k, op, self.within(args[0] / 1000, self.task(args[1])))
            case "lock":
                async with self.lock:
                    self.say(k, "locks")
                    for _ in range(args[0]):
                        await asyncio.sleep(0)
                self.say(k, "unlocks")
            case "room":
                async with self.room:
                    self.say(k, "in")
                    for _ in range(args[0]):
                        await asyncio.sleep(0)
                self.say(k, "out")
            case "wait":
                await self.event.wait()
            case "set":
                self.event.set()
            case "clear":
                self.event.clear()
            case "put":
                await self.queue.put(args[0])
            case "get":
                self.say(k, op, "=", await self.queue.get())
            case "soon":
                asyncio.get_running_loop().call_soon(self.say, k, "called")
            case "future":
                self.say(k, op, "=", await asyncio.shield(self.future))
            case "result":
                if not self.future.done():
                    self.future.set_result(args[0])
            case "raise":
                raise ValueError(f"of {k}")

    async def main(self):
        self.lock, self.room, self.event, self.queue = asyncio.Lock(), asyncio.Semaphore(2), asyncio.Event(), asyncio.Queue(1)
        self.future = asyncio.get_running_loop().create_future()
        for k in range(3):
            self.task(k)
        await asyncio.sleep(4)
        for k, t in enumerate(self.tasks):
            if t is not None:
                self.say(k, ":", "cancelled" if t.cancelled() else "done" if t.done() else "pending")
                if t.done() and not t.cancelled():
                    t.exception()
                t.cancel()
                for _ in range(10):
                    await asyncio.sleep(0)


for text in SCRIPTS:
    script = Script(text)
    asyncio.run(script.main())
    print(" ".join(script.log))
