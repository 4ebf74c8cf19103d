"""Front ends that come, go, flood and send garbage."""

import errno
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import unittest

import psutil
import zmq

from harness import PATIENCE, Client, Kernel, build


class Strain(unittest.TestCase):
    def setUp(self):
        self.kernel = Kernel()
        self.addCleanup(self.kernel.stop)
        self.must("kept := 41")

    def must(self, code, client=None, **options):
        result = (client or self.kernel).run(code, **options)
        self.assertTrue(result.ok, f"{code!r}: {result}")
        return result

    def alive(self):
        self.assertEqual(self.must("kept + 1").value, "42")

    # output

    def test_a_hundred_thousand_lines_arrive_in_order(self):
        r = self.must("%limit output=100MB\nfor i := 0; i < 100000; i++ {\n\tfmt.Println(i)\n}")
        self.assertEqual(r.stdout, "".join(f"{i}\n" for i in range(100_000)))

    def test_many_displays_arrive_in_order(self):
        r = self.must('for i := 0; i < 2000; i++ {\n\tdisplay.HTML(fmt.Sprint("<b>", i, "</b>"))\n}')
        self.assertEqual(r.data("display_data", "text/html"), [f"<b>{i}</b>" for i in range(2000)])

    def test_a_front_end_that_never_reads_harms_nobody(self):
        deaf = self.kernel.client()
        self.addCleanup(deaf.close)
        for _ in range(3):
            r = self.must('%limit output=100MB\nline := strings.Repeat("x", 9999) + "\\n"\nfor i := 0; i < 2000; i++ {\n\tfmt.Print(line)\n}')
            self.assertEqual(len(r.stdout), 20_000_000)
        self.alive()

    # front ends

    def test_two_front_ends_see_each_other(self):
        other = self.kernel.client()
        self.addCleanup(other.close)
        here, there = self.kernel.send("1 + 1"), other.send("2 + 2")
        self.assertEqual(self.kernel.finish(here).value, "2")
        self.assertEqual(other.finish(there).value, "4")
        self.assertEqual(self.kernel.iopub(there, "execute_result")["content"]["data"]["text/plain"], "4")
        self.assertEqual(other.iopub(here, "execute_result")["content"]["data"]["text/plain"], "2")
        self.assertEqual(self.must("kept + 1", other).value, "42")

    def test_input_goes_to_the_front_end_that_executed(self):
        other = self.kernel.client()
        self.addCleanup(other.close)
        cell = other.send("var s string\nfmt.Scan(&s)\nfmt.Println(s)", allow_stdin=True)
        other.wait("stdin", lambda m: m["msg_type"] == "input_request")
        self.kernel.kc.input("wrong")
        self.assertEqual(self.kernel.ask("kernel_info_request", {}, "control")["status"], "ok")
        other.kc.input("right")
        self.assertEqual(other.finish(cell).stdout, "right\n")

    def test_a_front_end_goes_and_comes_back(self):
        for _ in range(20):
            gone = self.kernel.client()
            gone.send("kept")
            gone.close()
        self.alive()

    def test_a_cell_goes_on_without_its_front_end(self):
        gone = self.kernel.client()
        cell = gone.send("for i := 0; i < 1000; i++ {\n\tfmt.Println(i)\n}\nkept = 100")
        gone.iopub(cell, "execute_input")
        gone.close()
        self.assertEqual(self.must("kept").value, "100")

    # garbage

    def ports(self):
        km = self.kernel.km
        return {"shell": km.shell_port, "iopub": km.iopub_port, "stdin": km.stdin_port,
                "control": km.control_port, "heartbeat": km.hb_port}

    def raw(self, port, data):
        """Send bytes on a plain connection and read until the kernel has had enough of them."""
        with socket.create_connection((self.kernel.km.ip, port), timeout=PATIENCE) as s:
            try:
                s.sendall(data)
                s.shutdown(socket.SHUT_WR)
                while s.recv(65536):
                    pass
            except OSError as error:  # the kernel may have had enough at any time
                if not isinstance(error, ConnectionError) and error.errno != errno.ENOTCONN:
                    raise

    GREETING = b"\xff" + b"\0" * 8 + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + b"\0" + b"\0" * 31

    def test_garbage_on_every_port(self):
        for name, port in self.ports().items():
            for data in [
                b"",
                b"\0" * 1000,
                b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                bytes(range(256)) * 400,
                self.GREETING,
                self.GREETING[:20],
                self.GREETING + bytes(range(256)) * 400,
                self.GREETING + b"\x04\x05\x05READ!",
                self.GREETING + b"\x04\x29\x05READY\x0bSocket-Type\xff\xff\xff\xffDEALER",
                self.GREETING + b"\x06" + struct.pack(">Q", 1 << 62),
                self.GREETING + b"\x06" + struct.pack(">Q", (1 << 64) - 1),
            ]:
                with self.subTest(port=name, data=data[64:80]):
                    self.raw(port, data)
                    self.assertTrue(self.kernel.km.is_alive())
        self.alive()

    def dealer(self, port, kind=zmq.DEALER):
        s = zmq.Context.instance().socket(kind)
        self.addCleanup(s.close, linger=0)
        s.connect(f"tcp://{self.kernel.km.ip}:{port}")
        return s

    def frames(self, msg_type="kernel_info_request", content=None, key=None):
        session = self.kernel.kc.session.clone()
        if key is not None:
            session.key = key
        return session.serialize(session.msg(msg_type, content or {}))

    def signed(self, content):
        """A message with that content, rightly signed."""
        frames = self.frames()
        frames[5] = content
        frames[1] = self.kernel.kc.session.sign(frames[2:6])
        return frames

    def test_bad_messages_on_every_router(self):
        good = self.frames()
        bad = {
            "wrong key": self.frames(key=b"wrong"),
            "no signature": [good[0], b"", *good[2:]],
            "changed content": [*good[:5], b'{"changed": 1}'],
            "truncated": good[:4],
            "delimiter only": [b"<IDS|MSG>"],
            "no delimiter": [b"a", b"b", b"c"],
            "one empty frame": [b""],
            "content is a list": self.signed(b"[]"),
            "content is no json": self.signed(b"{"),
            "no json": [good[0], good[1], b"{", b"{}", b"{}", b"{}"],
            "many identities": [b"x"] * 200 + good,
            "many frames": good + [b"x"] * 1500,
            "giant": [good[0], good[1], *good[2:5], b" " * (40 << 20)],
        }
        for name in ("shell", "control", "stdin"):
            for what, frames in bad.items():
                with self.subTest(socket=name, what=what):
                    s = self.dealer(self.ports()[name])
                    s.send_multipart(frames)
                    # a second connection is answered, whatever became of the first
                    self.assertEqual(self.kernel.ask("kernel_info_request", {})["status"], "ok")
        s = self.dealer(self.ports()["shell"])
        s.send_multipart(self.frames(key=b"wrong"))
        s.send_multipart(self.frames())
        self.assertTrue(s.poll(PATIENCE * 1000), "a good message behind a bad one is not answered")
        self.alive()

    def test_signed_nonsense(self):
        for msg_type, content in [
            ("execute_request", {"code": {"deep": [1] * 1000}}),
            ("comm_open", {}),
            ("comm_msg", {"comm_id": "nobody", "data": {}}),
            ("input_reply", {"value": 3}),
            ("shutdown_reply", {}),
            ("", {}),
            ("x" * 100_000, {}),
        ]:
            for channel in ("shell", "control", "stdin"):
                with self.subTest(msg_type=msg_type[:30], channel=channel):
                    self.kernel.post(msg_type, content, channel)
        self.alive()

    def test_heartbeat_echoes_what_it_gets(self):
        s = self.dealer(self.ports()["heartbeat"], zmq.REQ)
        for data in (b"ping", b"", b"x" * 1000):
            s.send(data)
            self.assertTrue(s.poll(PATIENCE * 1000))
            self.assertEqual(s.recv(), data)

    def test_heartbeat_and_control_answer_while_goroutines_spin(self):
        cell = self.kernel.send("for i := 0; i < 1000; i++ {\n\tgo func() {\n\t\tfor {\n\t\t}\n\t}()\n}\nfor {\n}")
        self.kernel.iopub(cell, "execute_input")
        s = self.dealer(self.ports()["heartbeat"], zmq.REQ)
        for _ in range(20):
            s.send(b"ping")
            self.assertTrue(s.poll(PATIENCE * 1000))
            s.recv()
            self.assertEqual(self.kernel.ask("kernel_info_request", {}, "control")["status"], "ok")
        self.kernel.interrupt()
        self.assertFalse(self.kernel.finish(cell).ok)
        self.assertTrue(self.must("1").ok)

    # the life of the process

    def test_restart_fifty_times(self):
        pids = set()
        for i in range(50):
            self.kernel.close()
            self.kernel.km.restart_kernel()
            Client.__init__(self.kernel, self.kernel.connect())
            pids.add(self.kernel.process.pid)
            self.assertEqual(self.must(f"{i} + 1").value, str(i + 1))
        self.assertEqual(len(pids), 50)
        self.assertIn("undefined: kept", self.kernel.run("kept").told)

    def test_restart_while_a_cell_runs(self):
        cell = self.kernel.send("for {\n}")
        self.kernel.iopub(cell, "execute_input")
        old = [self.kernel.process, *self.kernel.workers()]
        reply = self.kernel.ask("shutdown_request", {"restart": True}, "control")
        self.assertEqual((reply["status"], reply["restart"]), ("ok", True))
        _, left = psutil.wait_procs(old, timeout=PATIENCE)
        self.assertEqual(left, [])

    def test_shutdown_leaves_no_process(self):
        self.kernel.run('go exec.Command("sleep", "1000").Run()\ntime.Sleep(100 * time.Millisecond)')
        old = [self.kernel.process, *self.kernel.workers()]
        reply = self.kernel.ask("shutdown_request", {"restart": False}, "control")
        self.assertEqual(reply["status"], "ok")
        _, left = psutil.wait_procs(old, timeout=PATIENCE)
        self.assertEqual(left, [])

    def test_death_of_a_worker_while_idle(self):
        for worker in self.kernel.workers():
            worker.kill()
            worker.wait(PATIENCE)
            r = self.kernel.run("kept + 1")
            self.assertTrue(r.value in ("42", "1") or "kept" in r.told, r)
            self.must("2")

    @unittest.skipIf(sys.platform == "win32", "signals of Unix")
    def test_sigint_while_idle_is_ignored(self):
        for _ in range(5):
            os.kill(self.kernel.process.pid, signal.SIGINT)
            # a signal has no reply: it may come when this cell has begun
            self.assertIn(self.kernel.run("1").ename, ("", "interrupted"))
            self.alive()

    @unittest.skipIf(sys.platform == "win32", "signals of Unix")
    def test_sigint_interrupts_a_cell(self):
        cell = self.kernel.send("for {\n}")
        self.kernel.iopub(cell, "execute_input")
        os.killpg(os.getpgid(self.kernel.process.pid), signal.SIGINT)
        self.assertEqual(self.kernel.finish(cell).ename, "interrupted")
        self.alive()

    @unittest.skipIf(sys.platform == "win32", "signals of Unix")
    def test_sigterm_ends_everything(self):
        old = [self.kernel.process, *self.kernel.workers()]
        os.kill(self.kernel.process.pid, signal.SIGTERM)
        _, left = psutil.wait_procs(old, timeout=PATIENCE)
        self.assertEqual(left, [])

    @unittest.skipIf(sys.platform == "win32", "signals of Unix")
    def test_killed_front_takes_its_workers_along(self):
        workers = self.kernel.workers()
        self.assertTrue(workers)
        os.kill(self.kernel.process.pid, signal.SIGKILL)
        _, left = psutil.wait_procs(workers, timeout=PATIENCE)
        self.assertEqual(left, [])

    @unittest.skipIf(sys.platform == "win32", "JPY_PARENT_PID is no process number there")
    def test_death_of_the_parent_ends_the_kernel(self):
        build()
        script = (
            "import os, sys\n"
            "from jupyter_client.manager import KernelManager\n"
            "km = KernelManager(kernel_name='go')\n"
            "km.start_kernel()\n"
            "kc = km.blocking_client(); kc.start_channels(); kc.wait_for_ready(timeout=120)\n"
            "print(km.provisioner.process.pid, flush=True)\n"
            "os._exit(0)\n"
        )
        out = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=True, timeout=PATIENCE)
        try:
            kernel = psutil.Process(int(out.stdout))
        except psutil.NoSuchProcess:
            return
        _, left = psutil.wait_procs([kernel, *kernel.children(recursive=True)], timeout=PATIENCE)
        self.assertEqual(left, [])

    # a long session

    def test_two_thousand_cells_do_not_grow(self):
        def cells(start, n):
            ids = [self.kernel.send(f"x := {i}\nfmt.Println(x*2)\nx") for i in range(start, start + n)]
            for i, msg_id in enumerate(ids, start):
                r = self.kernel.finish(msg_id)
                self.assertEqual((r.value, r.stdout), (str(i), f"{2 * i}\n"))

        for start in range(0, 400, 100):
            cells(start, 100)
        before = self.kernel.memory()
        for start in range(400, 2400, 100):
            cells(start, 100)
        # worker and spare together keep about 30 kB a cell; their garbage goes when they have had nothing to do for two seconds
        until = time.monotonic() + PATIENCE
        while (grown := self.kernel.memory() - before) > 2000 * 40_000 and time.monotonic() < until:
            time.sleep(0.1)
        self.assertLess(grown, 2000 * 40_000, f"2,000 cells took {grown >> 20} MB")
        self.alive()


if __name__ == "__main__":
    unittest.main()
