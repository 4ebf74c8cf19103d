"""jupyter_kernel_test with every optional sample filled in."""

import unittest

import jupyter_kernel_test

from harness import build


def show(kind, argument):
    return f"display.{kind}({argument})"


PNG = "[]byte{" + ", ".join(str(b) for b in bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082")) + "}"


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

    code_page_something = "%help"
    code_generate_error = 'panic("on purpose")'

    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "6 * 8", "result": "48"},
        {"code": '"a" + "b"', "result": '"ab"'},
        {"code": "[]int{1, 2, 3}", "result": "[]int{1, 2, 3}"},
        {"code": "display.HTML(\"<b>x</b>\")", "mime": "text/plain"},
    ]
    code_display_data = [
        {"code": show("HTML", '"<b>x</b>"'), "mime": "text/html"},
        {"code": show("HTML", '"<b>x</b>"'), "mime": "text/plain"},
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
