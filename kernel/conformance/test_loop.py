"""Lesson 14 in real JupyterLab and Chromium: its drawings of the event loop are stepped through by keys and clicks.

Set PICTURES to a folder to keep pictures of them there, light and dark.
"""

import json
import os
import shutil
import unittest
from pathlib import Path

from playwright.sync_api import expect

import harness
from test_lab import Lab, browser

LESSON = harness.ROOT / "lessons" / "14-event-loop.ipynb"


def drawings():
    """The ids of the cells that draw a loop."""
    return [c["id"] for c in json.loads(LESSON.read_text())["cells"] if "".join(c["source"]) == "engine.Last().Loop()"]


@unittest.skipUnless(harness.EVALUATOR == "machine", "the event loop is the machine's")
@unittest.skipIf(browser() is None and not os.environ.get("CI"), "needs Chromium or Chrome")
class LoopTest(Lab):
    @classmethod
    def notebook(cls):
        return Path(shutil.copy(LESSON, cls.home / "lessons"))

    def test_steps(self):
        wrong = []
        self.page.on("pageerror", lambda error: wrong.append(str(error)))
        self.menu("Run", "Run All Cells")
        last = drawings()[-1]
        expect(self.output(last).locator("[data-part=loop]")).to_be_attached()
        self.idle()
        first, blocked, *_ = (self.output(name).locator("[data-part=loop]") for name in drawings())

        first.focus()
        expect(first).to_contain_text("moment 1 of")
        self.page.keyboard.press("n")
        self.page.keyboard.press("ArrowRight")
        expect(first.locator("[data-part=runs]")).to_contain_text("Task-1")
        expect(first.locator("[data-part=waits]")).to_contain_text("awaits gather")
        expect(first.locator("[data-part=next]")).to_contain_text("Task-2 fetch")
        self.page.keyboard.press("End")
        expect(first.locator("[data-part=runs]")).to_contain_text("async.Run")
        expect(first.locator("[data-part=waits]")).to_contain_text("nobody")

        expect(blocked).to_contain_text("Executing <Task-3 old> took 0.180 seconds")
        blocked.locator("[data-do=blocked]").click()
        expect(blocked.locator("[data-part=runs]")).to_contain_text("180 ms")
        expect(blocked.locator("[data-part=next]")).to_contain_text("sleep of Task-2 (due)")
        expect(blocked.locator("[data-part=source] .lit")).to_contain_text("time.Sleep(180 * ms)")
        base = self.output(drawings()[1]).locator(".interleave-base")
        expect(base).to_be_hidden()
        blocked.locator("[data-do=table]").click()
        expect(base).to_contain_text("asleep in select")
        blocked.locator("[data-do=table]").click()
        self.assertEqual(wrong, [])
        if folder := os.environ.get("PICTURES"):
            self.pictures(Path(folder))

    def pictures(self, folder):
        self.page.get_by_role("tab", name="File Browser").click()  # closes its panel
        for theme in ("Dark", "Light"):
            self.menu("Settings", "Theme", f"JupyterLab {theme}")
            expect(self.page.locator(f"body[data-jp-theme-name='JupyterLab {theme}']")).to_be_attached()
            expect(self.page.locator("#jupyterlab-splash")).to_have_count(0)
            for i, name in enumerate(drawings()):
                self.cell(name).evaluate("cell => cell.scrollIntoView({block: 'start'})")
                expect(self.cell(name)).to_be_in_viewport()
                self.page.screenshot(path=folder / f"loop-{i}-{theme.lower()}.png")


if __name__ == "__main__":
    unittest.main()
