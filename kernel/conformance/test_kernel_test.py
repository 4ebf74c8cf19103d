"""jupyter_kernel_test with every optional sample filled in."""

import unittest

import jupyter_kernel_test

from harness import build


PICTURE = "image.NewRGBA(image.Rect(0, 0, 2, 2))"


class KernelTest(jupyter_kernel_test.KernelTests):
    kernel_name = "go"
    language_name = "go"
    file_extension = ".go"

    code_hello_world = 'fmt.Println("hello, world")'
    code_stderr = 'fmt.Fprintln(os.Stderr, "trouble")'

    completion_samples = [
        {"text": "strings.ToUpperS", "matches": {"ToUpperSpecial"}},
        {"text": "fmt.Sprintl", "matches": {"Sprintln"}},
        {"text": "unsafe.Pointe"},
    ]
    complete_code_samples = [
        "1 + 1",
        'fmt.Println("hello")',
        "func f(n int) int {\n\treturn n\n}",
        "type T struct{ A int }",
        "",
    ]
    incomplete_code_samples = [
        "func f() {",
        "x := []int{1,",
        "for i := 0; i < 3; i++ {",
        "fmt.Println(",
        "s := `raw",
        "1 +",
    ]
    invalid_code_samples = ["x := )", "func 5() {}", '"never closed', "}"]

    code_page_something = "%doc fmt.Println"
    code_generate_error = 'panic("on purpose")'

    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "6 * 8", "result": "48"},
        {"code": '"a" + "b"', "result": '"ab"'},
        {"code": "[]int{1, 2, 3}", "result": "[]int{1, 2, 3}"},
        {"code": 'display.AsHTML("<b>x</b>")', "mime": "text/html", "result": "<b>x</b>"},
        {"code": 'display.AsMarkdown("*x*")', "mime": "text/markdown", "result": "*x*"},
        {"code": 'type point struct{ X, Y int }\n[]point{{1, 2}}', "mime": "text/html"},
    ]
    code_display_data = [
        {"code": code, "mime": mime}
        for code, shown in {
            'display.Text("x")': "text/plain",
            'display.HTML("<b>x</b>")': "text/html",
            'display.Markdown("*x*")': "text/markdown",
            'display.Latex("$x$")': "text/latex",
            """display.SVG(`<svg xmlns="http://www.w3.org/2000/svg"/>`)""": "image/svg+xml",
            f"display.PNG({PICTURE})": "image/png",
            f"display.JPEG({PICTURE})": "image/jpeg",
            "display.JSON(map[string]int{})": "application/json",
            """display.VegaLite(`{"mark": "bar"}`)""": "application/vnd.vegalite.v5+json",
            "display.Table([]struct{ A, B int }{{1, 2}})": "text/html",
            "display.Show(1)": "text/plain",
            'display.Progress("x", 2)': "text/html",
        }.items()
        for mime in (shown, "text/plain")
    ]

    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 * 7"
    code_inspect_sample = "fmt.Println"
    code_clear_output = "display.Clear(false)"

    @classmethod
    def setUpClass(cls):
        build()
        super().setUpClass()


class WelcomeTest(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "go"
    support_iopub_welcome = True

    @classmethod
    def setUpClass(cls):
        build()
        super().setUpClass()


if __name__ == "__main__":
    unittest.main()
