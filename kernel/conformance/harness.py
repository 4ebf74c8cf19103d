"""A kernel under test, driven through the real jupyter_client.

    build() ──► binary and kernelspec "go" in a temporary folder on JUPYTER_PATH
    Kernel  ──► one kernel process and one front end
    Client  ──► one front end: sends requests, sorts what comes back by request

Nothing here sleeps: everything waits for a message, and gives up after PATIENCE.
"""

import atexit
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from queue import Empty

import psutil
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).resolve().parents[2]

# Seconds until a missing message counts as lost. Generous: the tests are about
# whether something is answered; bench.py says how fast.
PATIENCE = 120


# What runs the cells of the kernel under test: machine or yaegi.
EVALUATOR = os.environ.get("EVALUATOR", "machine")


def flags():
    """What install is told about the evaluator."""
    return [] if EVALUATOR == "machine" else ["--evaluator", EVALUATOR]  # the machine is the default


def build():
    """Install the kernel once a process and return the name of its kernelspec."""
    global _folder
    if _folder is None:
        folder = Path(tempfile.mkdtemp(prefix="interleave-conformance-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        subprocess.run(["go", "build", "-o", _binary(folder), "./install/interleave"], cwd=ROOT, check=True)
        subprocess.run([_binary(folder), "install", "--prefix", str(folder), "--name", "go", *flags()], check=True, stdout=subprocess.DEVNULL)
        spec = folder / "share" / "jupyter" / "kernels" / "go" / "kernel.json"
        content = json.loads(spec.read_text())
        # the history of whoever runs the tests is left alone
        content["env"] = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data"), "LOCALAPPDATA": str(folder)}
        spec.write_text(json.dumps(content))
        os.environ["JUPYTER_PATH"] = str(folder / "share" / "jupyter")
        _folder = folder
    return "go"


def binary():
    """The path of what build() built."""
    build()
    return _binary(_folder)


def _binary(folder):
    return str(folder / ("interleave.exe" if os.name == "nt" else "interleave"))


_folder = None


class Result:
    """What became of one execute_request."""

    def __init__(self, reply, messages):
        self.reply = reply["content"]
        self.messages = messages  # of iopub, status left out, in order

    @property
    def ok(self):
        return self.reply["status"] == "ok"

    @property
    def ename(self):
        return self.reply.get("ename", "")

    def text(self, name):
        return "".join(
            m["content"]["text"]
            for m in self.messages
            if m["msg_type"] == "stream" and m["content"]["name"] == name
        )

    @property
    def stdout(self):
        return self.text("stdout")

    @property
    def stderr(self):
        return self.text("stderr")

    def data(self, kind, mime="text/plain"):
        """The content of that mime type in each message of that kind."""
        return [m["content"]["data"].get(mime) for m in self.messages if m["msg_type"] == kind]

    @property
    def value(self):
        values = self.data("execute_result")
        return values[0] if values else None

    @property
    def told(self):
        """Everything an error says to the learner, without colours."""
        text = [self.reply.get("evalue", ""), *self.reply.get("traceback", [])]
        return plain("\n".join(text))

    def __repr__(self):
        return f"<{self.reply['status']} value={self.value!r} stdout={self.stdout[-300:]!r} told={self.told!r}>"


def plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


class Client:
    """One front end. It keeps every message that it has read and not yet used."""

    def __init__(self, kc):
        self.kc = kc
        self.unread = []

    def close(self):
        self.kc.stop_channels()

    def wait(self, channel, match, patience=PATIENCE):
        """The first message of a channel that matches."""
        for i, (c, m) in enumerate(self.unread):
            if c == channel and match(m):
                del self.unread[i]
                return m
        deadline = time.monotonic() + patience
        get = getattr(self.kc, f"get_{channel}_msg")
        while True:
            try:
                m = get(timeout=max(0.001, deadline - time.monotonic()))
            except Empty:
                raise TimeoutError(f"nothing expected came on {channel} for {patience} s") from None
            if match(m):
                return m
            self.unread.append((channel, m))

    def reply(self, msg_id, channel="shell"):
        return self.wait(channel, lambda m: parent(m) == msg_id)

    def iopub(self, msg_id, kind):
        """The next message of that kind that the request caused."""
        return self.wait("iopub", lambda m: parent(m) == msg_id and m["msg_type"] == kind)

    def outputs(self, msg_id):
        """All that the request caused until its idle."""
        found = []
        while True:
            m = self.wait("iopub", lambda m: parent(m) == msg_id)
            if m["msg_type"] != "status":
                found.append(m)
            elif m["content"]["execution_state"] == "idle":
                return found

    def send(self, code, **options):
        options.setdefault("allow_stdin", False)
        return self.kc.execute(code, **options)

    def finish(self, msg_id):
        outputs = self.outputs(msg_id)
        return Result(self.reply(msg_id), outputs)

    def run(self, code, **options):
        return self.finish(self.send(code, **options))

    def ask(self, kind, content, channel="shell"):
        """Send any request and return its reply."""
        return self.reply(self.post(kind, content, channel), channel)["content"]

    def post(self, kind, content, channel="shell"):
        msg = self.kc.session.msg(kind, content)
        getattr(self.kc, f"{channel}_channel").send(msg)
        return msg["header"]["msg_id"]

    def interrupt(self):
        return self.ask("interrupt_request", {}, "control")

    def drop_unread(self):
        self.unread.clear()


class Kernel(Client):
    """One kernel process and a front end of it. Use it in a with statement."""

    def __init__(self, name=None, env=None):
        self.km = KernelManager(kernel_name=name or build())
        self.errors = tempfile.TemporaryFile("w+", errors="replace")  # what it writes to its own stderr
        self.km.start_kernel(env={**os.environ, **(env or {})}, stderr=self.errors)
        super().__init__(self.connect())

    def connect(self):
        kc = self.km.blocking_client()
        kc.start_channels()
        kc.wait_for_ready(timeout=PATIENCE)
        return kc

    def client(self):
        """Another front end of the same kernel."""
        return Client(self.connect())

    @property
    def process(self):
        return psutil.Process(self.km.provisioner.process.pid)

    def workers(self):
        """The processes that the front started."""
        return self.process.children(recursive=True)

    def memory(self):
        """Bytes that the kernel's processes have for themselves."""
        return sum(p.memory_full_info().uss for p in [self.process, *self.workers()])

    def log(self):
        """What the kernel wrote to its own stderr so far."""
        self.errors.seek(0)
        return self.errors.read()

    def stop(self):
        self.kc.stop_channels()
        self.km.shutdown_kernel(now=True)
        self.errors.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def parent(m):
    return m["parent_header"].get("msg_id")


