"""The machine from a notebook: its settings, runs and pictures, %%real, and the commands that are not Go."""

import shutil
import unittest

import harness
from harness import Kernel


class Engine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kernel = Kernel()

    @classmethod
    def tearDownClass(cls):
        cls.kernel.stop()

    def must(self, code):
        result = self.kernel.run(code)
        self.assertTrue(result.ok, f"{code!r}: {result}")
        return result

    def shown(self, code, mime="text/plain"):
        """What a cell shows beside its result."""
        shown = self.must(code).data("display_data", mime)
        self.assertEqual(len(shown), 1)
        return shown[0]

    def test_help_has_an_example_of_each(self):
        text = self.shown("%help")
        for name in ["%help", "%doc", "%who", "%limit", "%evaluator", "%machine", "%test", "%%real", "%reset"]:
            line = next(l for l in text.splitlines() if l.startswith(name))
            self.assertGreaterEqual(line.count(name), 2, line)

    def test_real_is_a_program_of_its_own(self):
        if shutil.which("go") is None:
            self.skipTest("needs the Go toolchain")
        self.must("func double(n int) int { return 2 * n }")
        r = self.must("%%real cores=1\nfmt.Println(double(21), runtime.GOMAXPROCS(0))")
        self.assertEqual(r.stdout, "42 1\n")
        self.assertRegex(r.data("display_data")[0], r"^real time: .* of CPU, .* cores busy on average of 1; built by go")
        bad = self.kernel.run("%%real\nos.Exit(7)")
        self.assertEqual((bad.ename, bad.reply["evalue"]), ("exit", "exit status 7"))
        self.must("kept := 1")
        lost = self.kernel.run("%%real\nkept++")
        self.assertIn("does not have the variables of earlier cells: kept", lost.told)

    def test_real_is_interrupted(self):
        if shutil.which("go") is None:
            self.skipTest("needs the Go toolchain")
        cell = self.kernel.send('%%real\nfmt.Println("on")\nfor {\n}')
        self.kernel.wait("iopub", lambda m: m["msg_type"] == "stream")
        self.kernel.interrupt()
        self.assertEqual(self.kernel.finish(cell).ename, "interrupted")
        self.must("1")


@unittest.skipUnless(harness.EVALUATOR == "machine", "yaegi has no machine")
class Machine(Engine):
    def test_settings(self):
        self.must("%machine cores=2 seed=7 slice=10ms")
        text = self.shown("%machine")
        for line in ["cores    2", "seed     7", "slice    10ms"]:
            self.assertIn(line, text)
        self.must("engine.Set(engine.Cores(3), engine.Seed(1))")
        self.assertIn("cores    3", self.shown("%machine"))
        self.assertEqual(self.must("runtime.NumCPU()").value, "3")
        wrong = self.kernel.run("%machine cores=many")
        self.assertIn("want a number from 1 to 256", wrong.told)
        self.assertIn("example: %machine cores=2", wrong.told)

    def test_the_run_of_the_cell_before(self):
        self.must("var wg sync.WaitGroup\nfor range 3 { wg.Go(func() { time.Sleep(time.Second) }) }\nwg.Wait()")
        looks = [self.must("engine.Last().Summary()") for _ in range(2)]
        self.assertEqual(looks[0].value, looks[1].value)
        self.assertIn("4 tasks", looks[0].value)
        self.assertIn("<table>", looks[0].data("execute_result", "text/html")[0])
        drawn = self.must("engine.Timeline()")
        self.assertIn("g2", drawn.value)
        self.assertIn("<table", drawn.data("execute_result", "text/html")[0])

    def test_a_run_and_its_replay(self):
        body = "func() { c := make(chan int); go func() { c <- 1 }(); <-c }"
        self.must(f"body := {body}\nrun := engine.Run(body, engine.Cores(1), engine.Seed(5))")
        self.assertEqual(self.must("run.Token()").value, '"go.5.1.10ms.v1"')
        self.assertEqual(self.must("engine.Replay(run.Token(), body).Summary().Wall == run.Summary().Wall").value, "true")

    def test_a_run_that_fails_fails_alone(self):
        r = self.must('fmt.Println(engine.Run(func() { panic("boom") }).Err())\nfmt.Println(engine.Run(func() { select {} }).Err())')
        self.assertEqual(r.stdout, "panic: boom\nfatal error: all goroutines are asleep - deadlock!\n")

    def test_a_deadlock_is_drawn_above_its_error(self):
        r = self.kernel.run("var a, b sync.Mutex\ngo func() { b.Lock(); time.Sleep(1); a.Lock() }()\na.Lock()\ntime.Sleep(1)\nb.Lock()")
        self.assertEqual(r.ename, "fatal error")
        self.assertIn("all goroutines are asleep - deadlock!", r.told)
        self.assertEqual([m["msg_type"] for m in r.messages if m["msg_type"] in ("display_data", "error")], ["display_data", "error"])
        self.assertIn("main and g2 wait for each other", r.data("display_data")[0])
        self.assertIn("<img alt=", r.data("display_data", "text/html")[0])

    def test_goroutines_of_earlier_cells(self):
        self.must("go func() { select {} }()")
        self.assertIn("select (no cases)", self.must("engine.Tasks()").value)
        self.assertEqual(self.must("engine.Stop(engine.Tasks()[0].ID)").value, "nil")
        self.assertEqual(self.must("len(engine.Tasks())").value, "0")


@unittest.skipUnless(harness.EVALUATOR == "yaegi", "the machine has one")
class NoMachine(Engine):
    def test_it_says_what_to_do(self):
        for code in ["engine.Last()", "engine.Run(func() {})"]:
            self.assertIn("choose it with %evaluator machine", self.kernel.run(code).told)
        self.assertIn("%evaluator machine has one", self.kernel.run("%machine cores=2").told)


del Engine  # its tests run with what there is

if __name__ == "__main__":
    unittest.main()
