"""Whatever a cell does, the kernel answers the next one.

Each test leaves a variable and a function behind, does its worst, and then asks
for both. The function must be there. The variable must have its value, or the
reply of the bad cell must have said that it lost it.
"""

import sys
import unittest

from harness import Kernel

BEFORE = "func double(n int) int { return 2 * n }\nkept := 41"


class NeverDies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kernel = Kernel()

    @classmethod
    def tearDownClass(cls):
        cls.kernel.stop()

    def setUp(self):
        self.kernel.drop_unread()
        pid = self.kernel.process.pid
        self.addCleanup(lambda: self.assertEqual(self.kernel.process.pid, pid, "the front is another process"))
        self.must(BEFORE)

    def must(self, code):
        result = self.kernel.run(code)
        self.assertTrue(result.ok, f"{code!r}: {result}")
        return result

    def survives(self, bad):
        """The state is there after a bad cell, or the loss was told."""
        self.assertEqual(self.must("double(21)").value, "42")
        value = self.must("kept + 1").value
        if value != "42":
            self.assertEqual(value, "1")
            self.assertRegex(bad.told, r"\bkept\b.*lost|lost.*\bkept\b", "a lost value was not told")
        self.must('fmt.Println("alive")')
        return value == "42"

    def fails(self, code, *words):
        """The cell fails with all these words, and the kernel survives."""
        bad = self.kernel.run(code)
        self.assertFalse(bad.ok, bad)
        for word in words:
            self.assertIn(word, bad.told)
        return self.survives(bad)

    def interrupted(self, code):
        """The cell runs until it is interrupted."""
        cell = self.kernel.send(code + '\nprint("not reached")')
        self.kernel.iopub(cell, "execute_input")
        self.assertEqual(self.kernel.interrupt()["status"], "ok")
        bad = self.kernel.finish(cell)
        self.assertFalse(bad.ok, bad)
        self.assertEqual(bad.ename, "interrupted", bad)
        self.assertNotIn("not reached", bad.stdout + bad.stderr)
        return self.survives(bad)

    def test_panic_in_the_cell(self):
        self.assertTrue(self.fails('panic("boom")', "panic: boom"))

    def test_panic_with_an_error_value(self):
        self.assertTrue(self.fails('panic(errors.New("boom"))', "boom"))

    def test_index_out_of_range(self):
        self.assertTrue(self.fails("s := []int{1}; i := 5; fmt.Println(s[i])", "index out of range [5] with length 1"))

    def test_panic_in_a_goroutine(self):
        self.fails('done := make(chan bool)\ngo func() { panic("boom") }()\n<-done', "boom")

    def test_nil_map_write(self):
        self.assertTrue(self.fails('var m map[string]int\nm["a"] = 1', "assignment to entry in nil map"))

    def test_nil_pointer(self):
        self.assertTrue(self.fails("var p *struct{ A int }\nfmt.Println(p.A)", "nil pointer dereference"))

    def test_endless_loop(self):
        self.interrupted("for {\n}")

    def test_endless_loop_with_work(self):
        self.interrupted("n := 0\nfor {\n\tn++\n}")

    def test_endless_sleep(self):
        self.interrupted("time.Sleep(1000 * time.Hour)")

    def test_endless_loop_in_goroutines_that_outlive_the_cell(self):
        self.must("for range 4 {\n\tgo func() {\n\t\tfor {\n\t\t}\n\t}()\n}")
        self.assertEqual(self.must("kept + 1").value, "42")
        self.assertEqual(self.kernel.interrupt()["status"], "ok")
        self.assertEqual(self.must("double(21)").value, "42")

    def stuck(self, code):
        """The cell waits for ever: it is told so, or runs until interrupted."""
        cell = self.kernel.send(code)
        self.kernel.iopub(cell, "execute_input")
        self.kernel.interrupt()
        bad = self.kernel.finish(cell)
        self.assertFalse(bad.ok, bad)
        self.assertRegex(bad.told, "interrupted|deadlock")
        self.survives(bad)

    def test_select_without_cases(self):
        self.stuck("select {}")

    def test_all_asleep(self):
        self.stuck("c := make(chan int)\n<-c")

    def test_lock_twice(self):
        self.stuck("var mu sync.Mutex\nmu.Lock()\nmu.Lock()")

    def test_waitgroup_never_done(self):
        self.stuck("var wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()")

    def test_exit(self):
        self.fails("os.Exit(3)", "3")

    def test_exit_zero(self):
        self.survives(self.kernel.run("os.Exit(0)"))

    def test_log_fatal(self):
        self.fails('log.Fatal("the end")')

    def test_deep_recursion(self):
        self.fails("func down(n int) int { return down(n+1) + 1 }\ndown(0)", "stack overflow")

    def test_concurrent_map_writes(self):
        bad = self.kernel.run(
            "m := map[int]int{}\nvar wg sync.WaitGroup\n"
            "for g := range 8 {\n\twg.Add(1)\n\tgo func(g int) {\n\t\tdefer wg.Done()\n"
            "\t\tfor i := 0; i < 20000; i++ {\n\t\t\tm[i%10] = g\n\t\t}\n\t}(g)\n}\nwg.Wait()"
        )
        if not bad.ok:  # Go does not promise to notice
            self.assertIn("concurrent map", bad.told)
        self.survives(bad)

    def test_unlock_of_unlocked(self):
        self.fails("var mu sync.Mutex\nmu.Unlock()", "unlock of unlocked mutex")

    def test_allocation_beyond_the_limit(self):
        self.fails(
            "var hoard [][]byte\nfor i := 0; i < 64; i++ {\n\tb := make([]byte, 64<<20)\n"
            "\tfor j := 0; j < len(b); j += 4096 {\n\t\tb[j] = 1\n\t}\n\thoard = append(hoard, b)\n}",
            "memory",
        )

    def test_one_huge_allocation(self):
        bad = self.kernel.run("n := 1 << 46\nb := make([]byte, n)\nb[0] = 1")
        self.assertFalse(bad.ok, bad)
        self.survives(bad)

    def test_hundred_megabytes_of_output(self):
        bad = self.kernel.run(
            'line := strings.Repeat("x", 1<<20-1) + "\\n"\nfor i := 0; i < 100; i++ {\n\tfmt.Print(line)\n}'
        )
        self.assertLess(len(bad.stdout), 20 << 20)
        self.assertGreater(len(bad.stdout), 9 << 20)
        self.assertIn("%limit", bad.stdout + bad.stderr)
        self.survives(bad)

    def test_closed_standard_files(self):
        self.kernel.run("os.Stdin.Close(); os.Stdout.Close(); os.Stderr.Close()")
        self.assertEqual(self.must('fmt.Println("still heard")').stdout, "still heard\n")
        self.assertEqual(self.must("kept + 1").value, "42")

    @unittest.skipIf(sys.platform == "win32", "file descriptors of Unix")
    def test_closed_descriptors(self):
        bad = self.kernel.run("for fd := 0; fd < 64; fd++ {\n\tsyscall.Close(fd)\n}")
        self.survives(bad)

    def test_goexit(self):
        bad = self.kernel.run("runtime.Goexit()")
        self.survives(bad)

    @unittest.skipIf(sys.platform == "win32", "signals of Unix")
    def test_kill_of_its_own_process(self):
        self.fails("syscall.Kill(syscall.Getpid(), syscall.SIGKILL)", "SIGKILL")

    @unittest.skipIf(sys.platform == "win32", "signals of Unix")
    def test_terminate_its_own_process(self):
        bad = self.kernel.run("syscall.Kill(syscall.Getpid(), syscall.SIGTERM)\ntime.Sleep(time.Second)")
        self.survives(bad)

    @unittest.skipIf(sys.platform == "win32", "signals of Unix")
    def test_stop_of_its_own_process(self):
        cell = self.kernel.send("syscall.Kill(syscall.Getpid(), syscall.SIGSTOP)\nfor {\n}")
        self.kernel.iopub(cell, "execute_input")
        self.kernel.interrupt()
        bad = self.kernel.finish(cell)
        self.assertFalse(bad.ok, bad)
        self.survives(bad)

    def test_hundred_thousand_goroutines(self):
        result = self.kernel.run(
            "var started sync.WaitGroup\nstop := make(chan bool)\nstarted.Add(100000)\n"
            "for i := 0; i < 100000; i++ {\n\tgo func() {\n\t\tstarted.Done()\n\t\t<-stop\n\t}()\n}\n"
            "started.Wait()\nclose(stop)"
        )
        self.survives(result)

    def test_cell_of_a_megabyte(self):
        lines = "".join(f"// line {i} of a very long cell\n" for i in range(32_000))
        self.assertGreater(len(lines), 1_000_000)
        self.assertEqual(self.must(lines + "40 + 2").value, "42")
        text = "x" * 1_000_000
        self.assertEqual(self.must(f'len("{text}")').value, "1000000")

    def test_deeply_nested_cell(self):
        bad = self.kernel.run("(" * 100_000 + "1" + ")" * 100_000)
        self.assertFalse(bad.ok)
        self.assertTrue(self.survives(bad))

    def test_cells_that_are_no_go(self):
        for code in ["", "   \n\n", "\x00", "}{", "if", "'", '"', "`", "/*", "%", "%%", "%nothing", "?", "import", "\ufeff1", "é := 1; é", "func"]:
            with self.subTest(code=code):
                self.assertTrue(self.survives(self.kernel.run(code)))

    def test_broken_utf8_from_the_cell(self):
        self.must('os.Stdout.Write([]byte{0xff, 0xfe, 0x0a})\nfmt.Println("\\xc3\\x28")')
        self.assertEqual(self.must("kept + 1").value, "42")

    def test_flood_of_goroutines_and_interrupt(self):
        self.interrupted("for i := 0; i < 1000; i++ {\n\tgo func() {\n\t\tfor {\n\t\t}\n\t}()\n}\nfor {\n}")

    def test_flood_of_output_and_interrupt(self):
        cell = self.kernel.send('for {\n\tfmt.Println("again and again")\n}')
        self.kernel.iopub(cell, "stream")
        self.kernel.interrupt()
        bad = self.kernel.finish(cell)
        self.assertFalse(bad.ok, bad)
        self.survives(bad)

    def test_input_and_interrupt(self):
        cell = self.kernel.send("var s string\nfmt.Scan(&s)", allow_stdin=True)
        self.kernel.wait("stdin", lambda m: m["msg_type"] == "input_request")
        self.kernel.interrupt()
        bad = self.kernel.finish(cell)
        self.assertFalse(bad.ok, bad)
        self.survives(bad)

    def test_child_process_is_killed_with_the_cell(self):
        if sys.platform == "win32":
            self.skipTest("no sleep command")
        self.interrupted('exec.Command("sleep", "1000").Run()')


if __name__ == "__main__":
    unittest.main()
