"""Runs every lesson with nbclient, papermill and our own run, each twice in a
fresh kernel, and fails unless all runs show the same outputs. What a cell with the
tag "measured" shows depends on the computer: there only errors count, in the first turn.

    python lessons.py INTERLEAVE NOTEBOOK…
"""

import copy
import difflib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbclient
import nbformat
import papermill

TIMEOUT = 120  # seconds a cell


def with_nbclient(interleave, source, target):
    notebook = nbformat.read(source, as_version=4)
    nbclient.NotebookClient(
        notebook, timeout=TIMEOUT, kernel_name="interleave", resources={"metadata": {"path": str(target.parent)}}
    ).execute()
    nbformat.write(notebook, target)


def with_papermill(interleave, source, target):
    try:
        papermill.execute_notebook(
            str(source), str(target), kernel_name="interleave", execution_timeout=TIMEOUT,
            cwd=str(target.parent), progress_bar=False,
        )
    except papermill.PapermillExecutionError:
        # papermill runs past the cells that may fail, and complains at the end
        for cell in nbformat.read(target, as_version=4).cells:
            failed = any(o.output_type == "error" for o in cell.get("outputs", []))
            if failed and "raises-exception" not in cell.metadata.get("tags", []):
                raise


def with_run(interleave, source, target):
    subprocess.run(
        [interleave, "run", str(source), "--output", str(target), "--timeout", f"{TIMEOUT}s"],
        check=True, capture_output=True, text=True,
    )


def shown(path):
    """The outputs of all code cells as lines of text; pieces of one stream are joined."""
    cells = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        outputs = []
        measured = "measured" in cell.metadata.get("tags", [])
        for output in copy.deepcopy(cell.outputs):
            if measured and output.output_type != "error":
                continue
            last = outputs[-1] if outputs else None
            if last and last.output_type == output.output_type == "stream" and last.name == output.name:
                last.text += output.text
            else:
                outputs.append(output)
        cells.append({"id": cell.id, "count": cell.execution_count, "outputs": outputs})
    return json.dumps(cells, indent=1, sort_keys=True, ensure_ascii=False).splitlines()


def without_measuring(notebook, target):
    """The lesson with nothing in the cells that measure the computer, which takes time."""
    lesson = nbformat.read(notebook, as_version=4)
    for cell in lesson.cells:
        if "measured" in cell.metadata.get("tags", []):
            cell.source = "// measured once"
    target.parent.mkdir()
    nbformat.write(lesson, target)
    return target


def check(interleave, notebook, folder):
    ways = [("nbclient", with_nbclient), ("papermill", with_papermill), ("run", with_run)]
    first = None
    for turn, source in ((1, notebook), (2, without_measuring(notebook, folder / "again" / notebook.name))):
        for name, way in ways:
            target = folder / f"{name}-{turn}" / notebook.name
            target.parent.mkdir(parents=True)
            began = time.monotonic()
            try:
                way(interleave, source, target)
            except subprocess.CalledProcessError as error:
                print(f"{notebook}: {name} failed:\n{error.stdout}{error.stderr}")
                return False
            except Exception as error:  # every way has its own
                print(f"{notebook}: {name} failed: {error}")
                return False
            print(f"{notebook}: {name} {turn}: {time.monotonic() - began:.1f} s", flush=True)
            lines = shown(target)
            if first is None:
                first = lines
            elif lines != first:
                print(f"{notebook}: {name} {turn} shows other outputs than nbclient 1:")
                print("\n".join(difflib.unified_diff(first, lines, "nbclient 1", f"{name} {turn}", lineterm="", n=4)))
                return False
    return True


def main():
    interleave, notebooks = sys.argv[1], [Path(p).resolve() for p in sys.argv[2:]]
    if not notebooks:
        sys.exit("no lessons")
    wrong = 0
    for notebook in notebooks:
        with tempfile.TemporaryDirectory() as folder:
            wrong += not check(interleave, notebook, Path(folder))
    sys.exit(1 if wrong else 0)


main()
