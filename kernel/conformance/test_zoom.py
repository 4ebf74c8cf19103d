"""A timeline of a long run in real JupyterLab: zooming in has the kernel draw parts of it, as long as it has the run."""

import os
import re
import unittest

import nbformat
from playwright.sync_api import expect

import harness
from test_lab import Lab, browser

RUN = """c := make(chan int, 4)
for i := range 4 {
	go func() { for k := range 10_000 { c <- k + i } }()
}
for range 40_000 { <-c }"""


@unittest.skipUnless(harness.EVALUATOR == "machine", "drawings are the machine's")
@unittest.skipIf(browser() is None and not os.environ.get("CI"), "needs Chromium or Chrome")
class ZoomTest(Lab):
    @classmethod
    def notebook(cls):
        spec = {"name": "interleave", "display_name": "Go (Interleave)", "language": "go"}
        cells = [nbformat.v4.new_code_cell(c, id=name) for name, c in (("run", RUN), ("draw", "engine.Timeline()"), ("anew", "%reset"))]
        path = cls.home / "lessons" / "zoom.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec}), path)
        return path

    def setUp(self):
        self.wrong = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def part(self, name):
        return self.page.locator(f"[data-part={name}]")

    def span(self):
        """What the picture shows, in ms, and whether that is a part."""
        text = self.part("scale").inner_text()
        units = {"ns": 1e-6, "µs": 1e-3, "ms": 1, "s": 1e3}
        left, right = (float(n) * units[u] for n, u in re.findall(r"([\d.]+) (ns|µs|ms|s)\b", text)[:2])
        return right - left, "a part of the run" in text

    def press(self, key):
        self.page.keyboard.press(key)
        expect(self.part("hint")).not_to_contain_text("asking the kernel")

    def test_zoom(self):
        self.run_cell("run")
        self.run_cell("draw")
        expect(self.part("timeline")).to_be_visible()
        self.part("timeline").focus()
        whole, part = self.span()
        self.assertFalse(part)
        expect(self.part("timeline")).to_contain_text("Reduced: ")
        for _ in range(7):
            self.press("+")
        seen, part = self.span()
        self.assertTrue(part)
        self.assertLess(seen, whole / 100)
        expect(self.part("timeline")).not_to_contain_text("Reduced: ")
        self.assertGreater(self.page.locator("path[data-wake]").count(), 0)
        # the part is stepped through like a run
        self.press("ArrowRight")
        expect(self.part("say")).to_contain_text("Step 1 of ")
        expect(self.page.locator("[data-part=source] .lit")).to_contain_text("c")
        for _ in range(9):
            self.press("-")
        self.assertEqual(self.span(), (whole, False))
        self.press("+")
        self.press("0")
        self.assertEqual(self.span(), (whole, False))
        # a session that has begun anew says so, and the outline stays
        self.run_cell("anew")
        expect(self.cell("anew").locator(".jp-InputPrompt")).to_have_text("[3]:")
        self.part("timeline").focus()
        self.press("+")
        expect(self.part("hint")).to_contain_text("no longer has this run")
        self.assertEqual(self.span(), (whole, False))
        self.assertEqual(self.wrong, [])


if __name__ == "__main__":
    unittest.main()
