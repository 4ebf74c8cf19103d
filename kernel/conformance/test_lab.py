"""Lesson 0 as a learner meets it: the installed kernel, real JupyterLab, real Chromium, keys and clicks.

Set PICTURES to a folder to keep two pictures of the lesson there, one of the light theme and one of the dark.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

import harness

LESSON = harness.ROOT / "lessons" / "00-start-here.ipynb"
PATIENCE = 1000 * harness.PATIENCE  # in milliseconds


def browser():
    named = os.environ.get("CHROMIUM")
    for name in [named] if named else ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]:
        if found := shutil.which(name):
            return found
    return None


class Lab(unittest.TestCase):
    """A notebook opened in JupyterLab with the installed kernel."""

    @classmethod
    def notebook(cls):
        """Put the notebook into the folder lessons of cls.home, and return where it is."""
        return Path(shutil.copy(LESSON, cls.home / "lessons"))

    @classmethod
    def setUpClass(cls):
        cls.home = Path(tempfile.mkdtemp(prefix="interleave-lab-"))
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        (cls.home / "lessons").mkdir()
        cls.file = cls.notebook()
        cls.ids = [cell["id"] for cell in json.loads(cls.file.read_text())["cells"]]
        cls.env = os.environ | {
            "HOME": str(cls.home),
            "XDG_DATA_HOME": str(cls.home / "data"),
            "JUPYTER_CONFIG_DIR": str(cls.home / "config"),
            "JUPYTER_DATA_DIR": str(cls.home / "jupyter"),
            "JUPYTER_PATH": str(cls.home / "prefix" / "share" / "jupyter"),
        }
        cls.install()
        cls.start_server()
        cls.start_browser()

    @classmethod
    def install(cls):
        subprocess.run([harness.binary(), "install", "--prefix", cls.home / "prefix", *harness.flags()], env=cls.env, check=True, capture_output=True)
        # JupyterLab's own questions to the learner, which cover part of the page
        settings = cls.home / "config" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True)
        (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')

    @classmethod
    def start_server(cls):
        cls.server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--port=0", "--allow-root",
             f"--ServerApp.root_dir={cls.home / 'lessons'}"],
            env=cls.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        cls.addClassCleanup(cls.stop_server)
        told = []
        for line in cls.server.stderr:
            told.append(line)
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/lab\?token=(\w+)", line):
                cls.url = f"http://127.0.0.1:{found[1]}/lab/tree/{cls.file.name}?token={found[2]}"
                break
        else:
            raise AssertionError("JupyterLab did not start:\n" + "".join(told))
        # what it goes on to say must not fill the pipe
        cls.rest = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.buffer.read()"], stdin=cls.server.stderr)

    @classmethod
    def stop_server(cls):
        cls.server.terminate()
        cls.server.wait(harness.PATIENCE)
        cls.server.stderr.close()
        cls.rest.wait(harness.PATIENCE)

    @classmethod
    def start_browser(cls):
        playwright = sync_playwright().start()
        cls.addClassCleanup(playwright.stop)
        chromium = playwright.chromium.launch(
            executable_path=browser(),
            args=["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"],
        )
        cls.addClassCleanup(chromium.close)
        cls.page = chromium.new_page(viewport={"width": 1280, "height": 840})
        cls.page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        cls.page.goto(cls.url)
        cls.idle()

    @classmethod
    def idle(cls):
        expect(cls.page.locator("#jp-main-statusbar")).to_contain_text("Idle")

    def cell(self, name):
        """The cell of that id in the lesson."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self.ids.index(name))

    def output(self, name):
        return self.cell(name).locator(".jp-OutputArea").first

    def menu(self, *path):
        for name in path:
            labels = self.page.locator(".lm-MenuBar-itemLabel, .lm-Menu-itemLabel")
            labels.filter(has_text=re.compile(f"^{name}$")).click()

    def run_cell(self, name, code=None):
        """Run a cell, with that code instead of its own where it is given."""
        editor = self.cell(name).locator(".cm-content")
        editor.click()
        if code is not None:
            self.page.keyboard.press("Control+a")
            self.page.keyboard.insert_text(code)
            expect(editor).to_have_text(code.replace("\n", ""))
        self.page.keyboard.press("Control+Enter")

@unittest.skipIf(browser() is None and not os.environ.get("CI"), "needs Chromium or Chrome")
class LabTest(Lab):
    def test_1_run_all(self):
        self.menu("Run", "Run All Cells")
        expect(self.output("check")).to_contain_text("Not yet: expected [3 2 1], got []")
        self.idle()
        expect(self.output("hello")).to_have_text("Hello, gopher!")
        expect(self.output("still-here")).to_contain_text("Good morning, still here.")
        expect(self.output("table").locator("tbody tr")).to_have_count(3)
        self.assertGreater(self.output("svg").locator("img").bounding_box()["width"], 300)
        self.assertEqual(self.page.locator(".jp-OutputArea-output[data-mime-type*=stderr]").count(), 0)
        if folder := os.environ.get("PICTURES"):
            self.take_pictures(Path(folder))

    def take_pictures(self, folder):
        self.page.get_by_role("tab", name="File Browser").click()  # closes its panel
        self.page.keyboard.press("Control+s")
        expect(self.page.locator(".lm-DockPanel-tabBar .jp-mod-dirty")).to_have_count(0)
        for theme, file in (("Dark", "lesson-0-dark.png"), ("Light", "lesson-0.png")):
            self.menu("Settings", "Theme", f"JupyterLab {theme}")
            expect(self.page.locator(f"body[data-jp-theme-name='JupyterLab {theme}']")).to_be_attached()
            expect(self.page.locator("#jupyterlab-splash")).to_have_count(0)
            for name in [*self.ids, "display"]:  # cells get their heights when they are first seen
                self.cell(name).evaluate("cell => cell.scrollIntoView({block: 'start'})")
                expect(self.cell(name)).to_be_in_viewport()
            self.page.screenshot(path=folder / file)

    def test_2_errors_stand_below_the_cell(self):
        self.run_cell("empty", 'fmt.Printn("oops")')
        expect(self.output("empty")).to_contain_text("undefined: fmt.Printn")
        expect(self.output("empty")).to_contain_text("did you mean")
        self.run_cell("empty", "numbers := []int{1, 2, 3}\ni := 5\nfmt.Println(numbers[i])")
        expect(self.output("empty")).to_contain_text("index out of range [5] with length 3")
        expect(self.output("empty")).to_contain_text(":3")

    def test_3_stop(self):
        prompt = self.cell("stop-here").locator(".jp-InputPrompt")
        self.run_cell("stop-here", "for {\n}")
        expect(prompt).to_have_text("[*]:")
        self.page.locator("[data-jp-item-name=interrupt]").click()
        expect(self.output("stop-here")).to_contain_text("interrupted")
        expect(prompt).to_have_text(re.compile(r"\[\d+]:"))
        self.run_cell("still-here", 'greet("still there")')
        expect(self.output("still-here")).to_contain_text("Good morning, still there.")

    def test_4_complete(self):
        editor = self.cell("complete").locator(".cm-content")
        editor.click()
        self.page.keyboard.press("Control+Home")
        for _ in "strings.":
            self.page.keyboard.press("ArrowRight")
        self.page.keyboard.press("Tab")
        offers = self.page.locator(".jp-Completer-item")
        expect(offers.filter(has_text="ToUpperSpecial")).to_contain_text("function")
        offers.filter(has_text=re.compile("ToUpper(?!S)")).click()
        expect(editor).to_have_text('strings.ToUpper("go ", 3)')
        self.page.keyboard.press("Control+Enter")
        expect(self.output("complete")).to_contain_text("too many arguments in call to strings.ToUpper")
        self.run_cell("complete", 'strings.ToUpper("go ")')
        expect(self.output("complete")).to_contain_text('"GO "')

    def test_5_inspect(self):
        for name, code, told in [
            ("complete", "strings.ToUpper", "all Unicode letters mapped to their upper case"),
            ("still-here", "greet", "wishes one person a good morning"),
        ]:
            with self.subTest(code=code):
                self.cell(name).locator(".cm-content").click()
                self.page.keyboard.press("Control+a")
                self.page.keyboard.insert_text(code)
                self.page.keyboard.press("Shift+Tab")
                expect(self.page.locator(".jp-Tooltip")).to_contain_text(told)
                self.page.keyboard.press("Escape")
                expect(self.page.locator(".jp-Tooltip")).to_have_count(0)


if __name__ == "__main__":
    unittest.main()
