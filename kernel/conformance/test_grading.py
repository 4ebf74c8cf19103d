"""Graded exercises through the real nbgrader: every lesson that has any is released, handed in and graded.

    lessons/NN-name.ipynb             what a learner opens: the release version
    lessons/answers/NN-name.txtar     what learners write into its solution cells

"-- CELL right --" heads the solution, which stands between BEGIN SOLUTION and END SOLUTION: without it the cell must be
the lesson's. "-- CELL NAME POINTS --" heads a wrong answer, for which the check of that cell, CELL-check, must give so many points.
"""

import copy
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

import harness

LESSONS = harness.ROOT / "lessons"
CONFIG = r"""
c = get_config()
c.ClearSolutions.code_stub = {"go": "// YOUR CODE HERE\npanic(\"not implemented\")"}
c.ExecutePreprocessor.timeout = 300
c.CourseDirectory.root = %r
"""


def read(lesson):
    return nbformat.read(lesson, as_version=4)


def mark(cell):
    return cell.metadata.get("nbgrader", {})


def answers(lesson):
    """The answers to each solution cell: {cell: {name: (source, points or None)}}."""
    found = {}
    parts = re.split(r"^-- (.*) --\n", (LESSONS / "answers" / (lesson.stem + ".txtar")).read_text(), flags=re.M)
    for head, source in zip(parts[1::2], parts[2::2], strict=True):
        cell, name, *points = head.split()
        found.setdefault(cell, {})[name] = (source.strip("\n"), float(points[0]) if points else None)
    return found


def filled(notebook, sources):
    """The notebook with other sources in its solution cells, and without what measures the computer."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if "measured" in cell.metadata.get("tags", []):  # takes time, and nothing is graded by it
            cell.metadata.tags = ["measured", "skip-execution"]
        if mark(cell).get("solution") and mark(cell)["grade_id"] in sources:
            cell.source = sources[mark(cell)["grade_id"]]
    return notebook


@unittest.skipUnless(harness.EVALUATOR == "machine", "lessons are for the machine")
class GradingTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.home = Path(tempfile.mkdtemp(prefix="interleave-grading-"))
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.env = os.environ | {
            "HOME": str(cls.home),
            "XDG_DATA_HOME": str(cls.home / "data"),
            "JUPYTER_CONFIG_DIR": str(cls.home / "config"),
            "JUPYTER_DATA_DIR": str(cls.home / "jupyter"),
            "JUPYTER_PATH": str(cls.home / "prefix" / "share" / "jupyter"),
        }
        subprocess.run([harness.binary(), "install", "--prefix", cls.home / "prefix"], env=cls.env, check=True, capture_output=True)

    def nbgrader(self, course, *args):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *args], cwd=course, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.assertEqual(done.returncode, 0, done.stdout)

    def grade(self, lesson):
        """Hand in every answer, and compare what nbgrader gives for it."""
        course = self.home / lesson.stem
        notebook, given = read(lesson), answers(lesson)
        checks = {mark(c)["grade_id"]: mark(c)["points"] for c in notebook.cells if mark(c).get("grade")}
        self.assertEqual(sorted(checks), sorted(cell + "-check" for cell in given), "one check for each solution that has answers")
        (course / "source" / "ps").mkdir(parents=True)
        (course / "nbgrader_config.py").write_text(CONFIG % str(course))
        right = {cell: them["right"][0] for cell, them in given.items()}
        nbformat.write(filled(notebook, right), course / "source" / "ps" / lesson.name)
        self.nbgrader(course, "generate_assignment", "ps", "--create", "--force")
        released = read(course / "release" / "ps" / lesson.name)
        for ours, theirs in zip(notebook.cells, released.cells, strict=True):
            self.assertEqual(ours.source, theirs.source, f"{lesson.name}: cell {ours.id} is not what nbgrader releases")

        want = {"right": dict(checks), "untouched": dict.fromkeys(checks, 0.0)}
        handed = {"right": filled(released, right), "untouched": released}
        wrong = {cell: [name for name in them if name != "right"] for cell, them in given.items()}
        for i in range(max(map(len, wrong.values()))):  # one student makes the i-th mistake of every cell
            mistakes = {cell: them[names[i]] for (cell, names), them in zip(wrong.items(), given.values()) if i < len(names)}
            student = "wrong-" + "-".join(names[i] for names in wrong.values() if i < len(names))
            handed[student] = filled(released, right | {cell: source for cell, (source, _) in mistakes.items()})
            want[student] = checks | {cell + "-check": points for cell, (_, points) in mistakes.items()}
        for student, what in handed.items():
            folder = course / "submitted" / student / "ps"
            folder.mkdir(parents=True)
            nbformat.write(what, folder / lesson.name)
        self.nbgrader(course, "autograde", "ps", "--create")

        got = {}
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            for student in want:
                graded = book.find_submission_notebook(lesson.stem, "ps", student)
                self.assertFalse(any(g.needs_manual_grade for g in graded.grades), f"{student} was left to be graded by hand")
                got[student] = {g.cell.name: g.auto_score for g in graded.grades}
        self.assertEqual(got, want)

    def test_every_lesson(self):
        graded = [n for n in sorted(LESSONS.glob("*.ipynb")) if any(mark(c).get("grade") for c in read(n).cells)]
        self.assertTrue(graded)
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # each lesson is a course of its own, and its work that of other processes
            grades = {lesson: pool.submit(self.grade, lesson) for lesson in graded}
        for lesson, grade in grades.items():
            with self.subTest(lesson=lesson.stem):
                grade.result()


if __name__ == "__main__":
    unittest.main()
