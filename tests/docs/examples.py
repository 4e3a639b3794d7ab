#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the examples that embed jobsrc: examples.py SOURCE_ROOT JOB_PLAYER"""
import json
import pathlib
import subprocess
import sys
import tempfile

SECONDS = 3
SINKS = ["fakevideosink", "fakeaudiosink"]
SKIPPED = 77


def prepare(folder):
    for n in (1, 2):
        color = "red" if n == 1 else "blue"
        (folder / f"{n}.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="160" height="96">'
                                         f'<rect width="160" height="96" fill="{color}"/></svg>')
    (folder / "job.json").write_text(json.dumps({
        "rostrum": 1, "canvas": {"size": "160x96", "rate": "25/1"},
        "assets": {"1": {"uri": "1.svg"}, "2": {"uri": "2.svg"}},
        "tracks": [{"id": "slides", "kind": "slides", "clips": [{"asset": "1", "start": 0, "duration": SECONDS - 1},
                                                                {"asset": "2", "start": SECONDS - 1, "duration": 1}]}]}))


def run(folder, *words):
    done = subprocess.run([str(w) for w in words], cwd=folder, capture_output=True, text=True, timeout=60)
    print(" ".join(map(str, words)), "->", done.returncode, done.stdout, done.stderr)
    return done


def main():
    source, player = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        prepare(folder)
        done = run(folder, player, "job.json", SECONDS - 1, *SINKS)
        assert done.returncode == 0 and "at 0:00:02.0" in done.stdout
        assert run(folder, player, "other.json", 0, *SINKS).returncode == 1
        if subprocess.run([sys.executable, "-c", "import gi; gi.require_version('Gst', '1.0')"], capture_output=True).returncode:
            print("the Python example is skipped: PyGObject is not there")
            return 0
        done = run(folder, sys.executable, source / "docs/examples/job_player.py", "job.json", SECONDS - 1, *SINKS)
        assert done.returncode == 0 and "played to the end" in done.stdout
    return 0


if __name__ == "__main__":
    sys.exit(main())
