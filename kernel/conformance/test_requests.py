"""Every message that a front end may send."""

import unittest

from harness import Kernel, parent


class Requests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kernel = Kernel()

    @classmethod
    def tearDownClass(cls):
        cls.kernel.stop()

    def setUp(self):
        self.kernel.drop_unread()

    def must(self, code, **options):
        result = self.kernel.run(code, **options)
        self.assertTrue(result.ok, f"{code!r}: {result}")
        return result

    # execute

    def test_result_and_number(self):
        first = self.must("1 + 1")
        self.assertEqual(first.value, "2")
        self.assertEqual(self.must("2 + 2").reply["execution_count"], first.reply["execution_count"] + 1)

    def test_silent(self):
        before = self.must("1").reply["execution_count"]
        silent = self.must('fmt.Println("x")\n5', silent=True)
        self.assertEqual(silent.messages, [])
        unstored = self.must("2", store_history=False)
        self.assertEqual(unstored.value, "2")
        self.assertEqual(self.must("3").reply["execution_count"], before + 1)

    def test_user_expressions(self):
        r = self.must("w := 6", user_expressions={"good": "w * 7", "bad": "nothing"})
        found = r.reply["user_expressions"]
        self.assertEqual(found["good"]["status"], "ok")
        self.assertEqual(found["good"]["data"]["text/plain"], "42")
        self.assertEqual(found["bad"]["status"], "error")
        self.assertIn("nothing", found["bad"]["evalue"])

    def test_stop_on_error_aborts_the_queue(self):
        cells = [self.kernel.send('var s string\nfmt.Scan(&s)\npanic("stop")', allow_stdin=True), self.kernel.send("1"), self.kernel.send("2")]
        self.assertEqual(self.kernel.ask("kernel_info_request", {})["status"], "ok")  # they are queued now
        self.kernel.wait("stdin", lambda m: m["msg_type"] == "input_request")
        self.kernel.kc.input("go")
        self.assertEqual([self.kernel.finish(c).reply["status"] for c in cells], ["error", "aborted", "aborted"])
        self.must("3")

    def test_no_stop_on_error(self):
        cells = [self.kernel.send(c, stop_on_error=False) for c in ['panic("go on")', "1"]]
        self.assertEqual([self.kernel.finish(c).reply["status"] for c in cells], ["error", "ok"])

    def test_order_of_a_queue(self):
        self.must("order := []int{}")
        cells = [self.kernel.send(f"order = append(order, {i})") for i in range(50)]
        for c in cells:
            self.assertTrue(self.kernel.finish(c).ok)
        self.assertEqual(self.must("fmt.Println(order)").stdout, str(list(range(50))).replace(",", "") + "\n")

    def test_both_streams_in_order(self):
        r = self.must("for i := 0; i < 5; i++ {\n\tfmt.Println(\"out\", i)\n\tfmt.Fprintln(os.Stderr, \"err\", i)\n}")
        self.assertEqual(r.stdout, "".join(f"out {i}\n" for i in range(5)))
        self.assertEqual(r.stderr, "".join(f"err {i}\n" for i in range(5)))

    def test_all_ways_to_print_arrive(self):
        r = self.must('fmt.Print("a")\nos.Stdout.WriteString("b")\nfmt.Fprint(os.Stdout, "c")\nprint("d")\nprintln("e")\n'
                      'log.SetFlags(0)\nlog.Print("f")\nos.Stderr.WriteString("g")')
        self.assertEqual(r.stdout, "abc")
        self.assertEqual(r.stderr, "de\nf\ng")

    def test_late_output_reaches_its_own_cell(self):
        first = self.kernel.send('go_on := make(chan bool)\ngo func() {\n\t<-go_on\n\tfmt.Println("late")\n}()')
        self.kernel.reply(first)
        second = self.kernel.run("close(go_on)")
        self.assertEqual(second.stdout, "")
        late = self.kernel.iopub(first, "stream")
        self.assertEqual(late["content"]["text"], "late\n")

    # what is answered while a cell runs

    def test_answers_while_a_cell_runs(self):
        self.must("started := make(chan bool, 1)")
        cell = self.kernel.send("for {\n}")
        self.kernel.iopub(cell, "execute_input")
        for kind, content, field, want in [
            ("complete_request", {"code": "fmt.Printl", "cursor_pos": 10}, "status", "ok"),
            ("inspect_request", {"code": "fmt.Println", "cursor_pos": 8, "detail_level": 0}, "found", True),
            ("is_complete_request", {"code": "func f() {"}, "status", "incomplete"),
            ("history_request", {"hist_access_type": "tail", "n": 1, "raw": True, "output": False}, "status", "ok"),
            ("kernel_info_request", {}, "status", "ok"),
            ("comm_info_request", {}, "status", "ok"),
        ]:
            with self.subTest(kind=kind):
                msg_id = self.kernel.post(kind, content)
                self.assertEqual(self.kernel.reply(msg_id)["content"][field], want)
                self.assertEqual(self.kernel.outputs(msg_id), [])
                # a front end with one light for all sees that the cell goes on
                self.kernel.wait("iopub", lambda m: parent(m) == cell and m["content"].get("execution_state") == "busy")
        self.assertEqual(self.kernel.ask("kernel_info_request", {}, "control")["status"], "ok")
        self.kernel.interrupt()
        self.assertFalse(self.kernel.finish(cell).ok)

    # complete, inspect, is_complete

    def complete(self, code, cursor=None):
        return self.kernel.ask("complete_request", {"code": code, "cursor_pos": len(code) if cursor is None else cursor})

    def test_completion_has_types_and_code_points(self):
        self.must("type Gopher struct{ Burrow string }\ngus := Gopher{}")
        code = '"日本🙂"; gus.Bur'
        r = self.complete(code)
        self.assertIn("Burrow", r["matches"])
        start, end = r["cursor_start"], r["cursor_end"]
        self.assertEqual(code[start:end], "Bur")
        kinds = {t["text"]: t for t in r["metadata"]["_jupyter_types_experimental"]}
        self.assertEqual(kinds["Burrow"]["type"], "field")
        self.assertIn("string", kinds["Burrow"]["signature"])

    def test_completion_of_session_names(self):
        self.must("var velocityOfLight = 299792458")
        self.assertIn("velocityOfLight", self.complete("velocityOf")["matches"])

    def test_completion_in_the_middle(self):
        code = "fmt.Printl(1)\nx := 2"
        r = self.complete(code, 10)
        self.assertIn("Println", r["matches"])

    def test_inspection(self):
        self.must("// area multiplies.\nfunc area(a, b int) int { return a * b }")
        r = self.kernel.ask("inspect_request", {"code": "area(1, 2)", "cursor_pos": 2, "detail_level": 0})
        self.assertTrue(r["found"])
        self.assertIn("func area(a, b int) int", r["data"]["text/plain"])
        self.assertIn("multiplies", r["data"]["text/plain"])
        r = self.kernel.ask("inspect_request", {"code": "strings.Repeat", "cursor_pos": 10, "detail_level": 1})
        self.assertIn("Repeat", r["data"]["text/plain"])
        r = self.kernel.ask("inspect_request", {"code": "nothingOfTheKind", "cursor_pos": 3, "detail_level": 0})
        self.assertEqual((r["status"], r["found"]), ("ok", False))

    def test_is_complete_gives_an_indent(self):
        r = self.kernel.ask("is_complete_request", {"code": "for {"})
        self.assertEqual(r["status"], "incomplete")
        self.assertRegex(r["indent"], r"^\s+$")

    # requests that are wrong

    def test_bad_requests_are_answered_with_the_field(self):
        for kind, content, field in [
            ("execute_request", {}, "code"),
            ("execute_request", {"code": 5}, "code"),
            ("complete_request", {"code": "fmt."}, "cursor_pos"),
            ("complete_request", {"code": "fmt.", "cursor_pos": 99}, "cursor_pos"),
            ("complete_request", {"code": "é", "cursor_pos": 2}, "cursor_pos"),
            ("inspect_request", {"code": "x", "cursor_pos": -1}, "cursor_pos"),
            ("inspect_request", {"cursor_pos": 0}, "code"),
            ("is_complete_request", {}, "code"),
            ("history_request", {}, "hist_access_type"),
        ]:
            with self.subTest(kind=kind, content=content):
                r = self.kernel.ask(kind, content)
                self.assertEqual(r["status"], "error")
                self.assertIn(field, r["evalue"])
        self.must("1")

    def test_unknown_types_are_ignored(self):
        for channel in ("shell", "control", "stdin"):
            self.kernel.post("unheard_of_request", {}, channel)
        self.must("1")

    def test_debug_is_refused(self):
        r = self.kernel.ask("debug_request", {"type": "request", "seq": 1, "command": "initialize"}, "control")
        self.assertEqual((r["status"], r["success"]), ("error", False))

    def test_connect(self):
        r = self.kernel.ask("connect_request", {})
        self.assertEqual(r["shell_port"], self.kernel.km.shell_port)

    # history

    def test_history(self):
        self.must('"to be " + "remembered"')
        r = self.kernel.ask("history_request", {"hist_access_type": "search", "pattern": "*remembered*", "output": True, "raw": True, "n": 1})
        (session, line, (code, output)) = r["history"][0]
        self.assertEqual((code, output), ('"to be " + "remembered"', '"to be remembered"'))
        r = self.kernel.ask("history_request", {"hist_access_type": "range", "session": session, "start": line, "stop": line + 1, "output": False, "raw": True})
        self.assertEqual(r["history"], [[session, line, code]])

    # stdin

    def answer(self, code, *answers, password=False):
        cell = self.kernel.send(code, allow_stdin=True)
        for a in answers:
            question = self.kernel.wait("stdin", lambda m: m["msg_type"] == "input_request")
            self.assertEqual(parent(question), cell)
            self.assertEqual(question["content"]["password"], password)
            self.kernel.kc.input(a)
        return self.kernel.finish(cell)

    def test_scan(self):
        r = self.answer('var name string\nvar age int\nfmt.Scan(&name, &age)\nfmt.Println(name, age)', "Ada 36")
        self.assertEqual(r.stdout, "Ada 36\n", r)

    def test_reader(self):
        r = self.answer('in := bufio.NewReader(os.Stdin)\nline, _ := in.ReadString(\'\\n\')\nfmt.Printf("%q", line)', "two words")
        self.assertEqual(r.stdout, '"two words\\n"', r)

    def test_several_lines(self):
        r = self.answer("sc := bufio.NewScanner(os.Stdin)\nfor range 2 {\n\tsc.Scan()\n\tfmt.Println(sc.Text())\n}", "one", "two")
        self.assertEqual(r.stdout, "one\ntwo\n", r)

    def test_end_of_input(self):
        r = self.answer("b, err := io.ReadAll(os.Stdin)\nfmt.Println(len(b), err)", "\x04")
        self.assertEqual(r.stdout, "0 <nil>\n", r)

    def test_input_where_none_is_allowed(self):
        r = self.kernel.run("var s string\n_, err := fmt.Scan(&s)\nfmt.Println(err)", allow_stdin=False)
        self.assertEqual(r.stdout, "EOF\n", r)

    def test_late_answers_are_dropped(self):
        cell = self.kernel.send("var s string\nfmt.Scan(&s)", allow_stdin=True)
        question = self.kernel.wait("stdin", lambda m: m["msg_type"] == "input_request")
        self.kernel.interrupt()
        self.assertFalse(self.kernel.finish(cell).ok)
        session = self.kernel.kc.session
        for _ in range(100):
            self.kernel.kc.stdin_channel.send(session.msg("input_reply", {"value": "late"}, parent=question))
        r = self.answer("var s string\nfmt.Scan(&s)\nfmt.Println(s)", "asked")
        self.assertEqual(r.stdout, "asked\n", r)

    def test_password_is_hidden(self):
        r = self.answer('p := display.Password("secret? ")\nfmt.Println(len(p))', "12345", password=True)
        self.assertEqual(r.stdout, "5\n", r)

    # display

    def test_update_of_a_display(self):
        r = self.must('display.ShowAs("one", 1)\ndisplay.Update("one", 2)')
        kinds = [(m["msg_type"], m["content"]["data"]["text/plain"], m["content"]["transient"]["display_id"]) for m in r.messages[1:]]
        self.assertEqual(len(kinds), 2)
        self.assertEqual((kinds[0][:2], kinds[1][:2]), (("display_data", "1"), ("update_display_data", "2")))
        self.assertEqual(kinds[0][2], kinds[1][2])

    def test_display_stays_between_prints(self):
        r = self.must('fmt.Print("a")\ndisplay.HTML("<i>b</i>")\nfmt.Print("c")')
        self.assertEqual([m["msg_type"] for m in r.messages], ["execute_input", "stream", "display_data", "stream"])

    # comms

    def test_comm_to_nobody_is_closed(self):
        opened = self.kernel.post("comm_open", {"comm_id": "c1", "target_name": "nobody", "data": {}})
        closing = self.kernel.iopub(opened, "comm_close")
        self.assertEqual(closing["content"]["comm_id"], "c1")
        self.assertEqual(self.kernel.ask("comm_info_request", {})["comms"], {})


if __name__ == "__main__":
    unittest.main()
