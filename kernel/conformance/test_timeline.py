"""A timeline in real JupyterLab and Chromium: as the cell's output where scripts run, by keyboard; reopened untrusted; in nbconvert's HTML.

The pictures are the golden files of engine/draw/timeline. Set PICTURES to a folder to keep screenshots there, light and dark.
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

import nbformat
from nbformat.sign import NotebookNotary
from playwright.sync_api import expect, sync_playwright

import harness
from test_lab import PATIENCE, browser

DRAWINGS = harness.ROOT / "engine" / "draw" / "timeline"
NAMES = os.environ.get("DRAWINGS", "deadlock buffered").split()


def drawing(name):
    """A golden drawing with its program."""
    html = (DRAWINGS / "testdata" / f"{name}.html").read_text()
    return html.replace("PROGRAM", (DRAWINGS / "timeline.js").read_text(), 1)


@unittest.skipUnless(harness.EVALUATOR == "machine", "drawings are the machine's")
@unittest.skipIf(browser() is None and not os.environ.get("CI"), "needs Chromium or Chrome")
class TimelineTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = Path(tempfile.mkdtemp(prefix="interleave-timeline-"))
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.env = os.environ | {
            "HOME": str(cls.home),
            "JUPYTER_CONFIG_DIR": str(cls.home / "config"),
            "JUPYTER_DATA_DIR": str(cls.home / "jupyter"),
            "IPYTHONDIR": str(cls.home / "ipython"),
        }
        for folder in ("notebooks", "jupyter"):
            (cls.home / folder).mkdir()
        cls.settings = cls.home / "config" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
        cls.settings.mkdir(parents=True)
        (cls.settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
        for name in NAMES:
            cls.write(name, trusted=True)
            cls.write(name, trusted=False)
        cls.start_server()
        playwright = sync_playwright().start()
        cls.addClassCleanup(playwright.stop)
        chromium = playwright.chromium.launch(
            executable_path=browser(),
            args=["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"],
        )
        cls.addClassCleanup(chromium.close)
        cls.page = chromium.new_page(viewport={"width": 1280, "height": 900})
        cls.page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        cls.wrong = []
        cls.page.on("pageerror", lambda error: cls.wrong.append(str(error)))

    @classmethod
    def write(cls, name, trusted):
        data = {"text/html": drawing(name), "text/plain": (DRAWINGS / "testdata" / f"{name}.txt").read_text()}
        cell = nbformat.v4.new_code_cell("engine.Timeline()", execution_count=1, outputs=[nbformat.v4.new_output("display_data", data=data)])
        notebook = nbformat.v4.new_notebook(cells=[cell])
        nbformat.write(notebook, cls.path(name, trusted))
        if trusted:
            NotebookNotary(data_dir=str(cls.home / "jupyter")).sign(notebook)

    @classmethod
    def path(cls, name, trusted):
        return str(cls.home / "notebooks" / f"{name}-{'trusted' if trusted else 'untrusted'}.ipynb")

    @classmethod
    def start_server(cls):
        cls.server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--port=0", "--allow-root",
             f"--ServerApp.root_dir={cls.home / 'notebooks'}"],
            env=cls.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        cls.addClassCleanup(cls.stop_server)
        told = []
        for line in cls.server.stderr:
            told.append(line)
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/lab\?token=(\w+)", line):
                cls.url, cls.token = f"http://127.0.0.1:{found[1]}/lab/tree", found[2]
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

    def open(self, name, trusted, theme="Light"):
        (self.settings / "themes.jupyterlab-settings").write_text(json.dumps({"theme": f"JupyterLab {theme}"}))
        file = Path(self.path(name, trusted)).name
        self.page.goto(f"{self.url}/{file}?token={self.token}&reset")
        expect(self.page.locator(f"body[data-jp-theme-name='JupyterLab {theme}']")).to_be_attached()
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0)
        expect(self.page.locator(".interleave-timeline")).to_be_visible()
        self.page.locator(".jp-Dialog").get_by_role("button", name="No Kernel").click()
        expect(self.page.locator(".jp-Dialog")).to_have_count(0)
        self.page.locator(".interleave-timeline").scroll_into_view_if_needed()
        if folder := os.environ.get("PICTURES"):
            self.page.screenshot(path=Path(folder) / f"timeline-{name}-{'trusted' if trusted else 'untrusted'}-{theme.lower()}.png")

    def part(self, name):
        return self.page.locator(f"[data-part={name}]")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def test_steps_by_keyboard(self):
        self.open("deadlock", trusted=True)
        self.assertFalse(self.page.locator(".interleave-base").is_visible())
        self.part("timeline").focus()
        said = []
        for _ in range(26):
            self.press("ArrowRight")
            said.append(self.part("say").inner_text())
        self.assertIn("Step 1 of ", said[0])
        holds = next(i for i, s in enumerate(said) if "g3 holds b" in s)
        self.press("Home", *["ArrowRight"] * (holds + 1))
        expect(self.part("say")).to_contain_text("g3 holds b")
        expect(self.part("facts")).to_contain_text("held by g3 since cell[1], line 9")
        expect(self.page.locator("[data-part=source] .lit")).to_contain_text("b.Lock()")
        self.press("ArrowLeft")
        expect(self.part("facts")).not_to_contain_text("held by g3")
        # forth and back leaves everything as it was
        before = self.part("facts").inner_text()
        self.press("End", "Home", *["ArrowRight"] * holds)
        self.assertEqual(before, self.part("facts").inner_text())
        # the notebook has not taken the keys for its own
        expect(self.page.locator(".jp-Notebook .jp-Cell")).to_have_count(1)
        # next event of an object
        self.press("Home")
        self.page.get_by_label("The task or object whose next event to go to").select_option(label="of a")
        self.part("timeline").focus()
        self.press("n")
        expect(self.part("say")).to_contain_text("g2 holds a")
        self.press("n")
        expect(self.part("say")).to_contain_text("g3 waits for the lock a")
        self.press("p")
        expect(self.part("say")).to_contain_text("g2 holds a")
        self.assertEqual(self.wrong, [])

    def test_play_help_and_zoom(self):
        self.open("buffered", trusted=True)
        self.part("timeline").focus()
        self.press("?")
        expect(self.page.get_by_role("dialog", name="Keys")).to_be_visible()
        self.press("Escape")
        expect(self.page.get_by_role("dialog", name="Keys")).to_have_count(0)
        bars = self.page.locator("rect[data-bar]")
        whole = bars.count()
        self.press("+", "+", "+")
        self.assertLess(bars.count(), whole)
        self.press("Shift+ArrowRight", "0")
        expect(bars).to_have_count(whole)
        scale = self.part("scale").inner_text()
        self.press("t")
        self.assertNotEqual(scale, self.part("scale").inner_text())
        self.page.get_by_label("Steps a second while it plays").select_option("20")
        self.part("timeline").focus()
        self.press(" ")
        expect(self.part("say")).to_contain_text(re.compile(r"Step (\d+) of \1 "))
        self.assertEqual(self.wrong, [])

    def test_filters(self):
        self.open("deadlock", trusted=True)
        names = self.page.locator("text[data-lane]")
        expect(names).to_have_count(3)
        self.page.get_by_label("Show only lanes whose name has this").fill("g2")
        expect(names).to_have_count(1)
        self.page.get_by_label("Show only lanes whose name has this").fill("")
        faint = self.page.locator("rect[data-bar][opacity='0.12']")
        expect(faint).to_have_count(0)
        lock = self.part("legend").get_by_role("button", name="waits for a lock")
        lock.click()
        self.assertGreater(faint.count(), 0)
        lock.click()
        self.page.get_by_label("Show only waits for this object").select_option(label="b")
        self.assertGreater(faint.count(), 0)
        self.assertEqual(self.wrong, [])

    def test_untrusted(self):
        """Without scripts the table says who, what and when, and the details what was so at each step."""
        self.open("deadlock", trusted=False)
        expect(self.part("timeline")).to_have_count(0)
        root = self.page.locator(".interleave-timeline")
        rows = root.locator("table").first.locator("tbody th[scope=row]")
        for name in ("g1 main", "g2 ", "g3 "):
            self.assertGreater(rows.filter(has_text=name).count(), 0)
        said = root.locator("td[title]").evaluate_all("cells => cells.map(c => c.title)")
        self.assertTrue(any("waits for the lock a" in s and "deadlock" in s for s in said), said)
        colours = root.locator("td[title]").evaluate_all("cells => new Set(cells.map(c => getComputedStyle(c).backgroundColor)).size")
        self.assertGreater(colours, 2)
        expect(root).to_contain_text("Run it again with the token")
        expect(root).to_contain_text("Still waiting when the run ended (deadlock)")
        steps = root.locator("details").filter(has_text="Step by step").last
        steps.locator("summary").first.click()
        holds = steps.locator("details").filter(has_text="g3 holds b").first
        holds.locator("summary").click()
        expect(holds.locator("li").filter(has_text="held by g3 since cell[1], line 9").first).to_be_visible()

    def test_themes(self):
        """What is written on the page can be read in both themes, with scripts and without."""
        for trusted in (True, False):
            for theme in ("Light", "Dark"):
                self.open("buffered", trusted, theme)
                inks = self.page.locator(".interleave-timeline caption, .interleave-timeline [data-part=say]").first.evaluate(
                    """e => {
                        let b = e, back;
                        do { back = getComputedStyle(b).backgroundColor; b = b.parentElement } while (b && /, 0\\)$/.test(back));
                        return [getComputedStyle(e).color, back];
                    }"""
                )
                ink, page = (luminance(c) for c in inks)
                self.assertGreater((max(ink, page) + 0.05) / (min(ink, page) + 0.05), 4.5, (trusted, theme, inks))

    def test_nbconvert(self):
        """A page made of the notebook works without a network."""
        out = self.home / "page.html"
        subprocess.run(
            [sys.executable, "-m", "nbconvert", "--to", "html", "--output", str(out), self.path("deadlock", True)],
            env=self.env, check=True, capture_output=True,
        )  # fmt: skip
        self.page.route(re.compile("^https?:"), lambda route: route.abort())
        self.addCleanup(self.page.unroute_all)
        self.page.goto(out.as_uri(), wait_until="domcontentloaded")
        self.part("timeline").focus()
        self.press("ArrowRight")
        expect(self.part("say")).to_contain_text("Step 1 of ")
        if folder := os.environ.get("PICTURES"):
            self.page.screenshot(path=Path(folder) / "timeline-nbconvert.png")


def luminance(colour):
    """The relative luminance of WCAG 2.2."""
    parts = [int(p) / 255 for p in re.findall(r"\d+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


if __name__ == "__main__":
    unittest.main()
