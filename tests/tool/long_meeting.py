# SPDX-License-Identifier: LGPL-2.1-or-later
"""A meeting of several chunks that renders in seconds, its render command, and who runs it."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import uuid

import recording

SECONDS = 100
CHUNKS = 6  # four of picture, two of sound


def make(folder):
    """Returns the job's path: people who come and go, at the size of a stamp."""
    path = recording.meeting(folder)
    job = json.loads(path.read_text())
    job.update(duration=SECONDS, canvas={"size": "160x90", "rate": "25/1"})
    anna, boris, deck = job["tracks"]
    anna["clips"] = [{"asset": "anna", "start": s} for s in range(0, SECONDS, 11)]
    boris["clips"] = [{"asset": "boris", "start": s} for s in range(5, SECONDS, 17)]
    deck["clips"] = [{"asset": "slide", "start": s, "duration": 9} for s in range(8, SECONDS - 9, 19)]
    path.write_text(json.dumps(job))
    return path


def marked_processes(mark):
    """Living processes with this variable in their environment: the render and all that it started."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            pass  # ended meanwhile, or another user's
    return found


class Render:
    """One render command into a folder of its own; the same command every time."""

    def __init__(self, rostrum, job, *words, out=None, folder=None):
        self.box = tempfile.TemporaryDirectory(dir=folder)
        self.elsewhere = tempfile.TemporaryDirectory()
        self.out = pathlib.Path(out or pathlib.Path(self.box.name) / "out.mp4")
        self.work = pathlib.Path(f"{self.out}.rostrum")
        self.command = [str(w) for w in (rostrum, "render", job, "-o", self.out, "--draft", "--overwrite", "--jobs", "2",
                                         "--progress", "none", *words)]
        self.mark = f"ROSTRUM_TEST={uuid.uuid4()}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in marked_processes(self.mark.encode()):  # none, unless a test has failed
            os.kill(process, signal.SIGKILL)
        self.box.cleanup()
        self.elsewhere.cleanup()

    def start(self):
        name, value = self.mark.split("=")
        return subprocess.Popen(self.command, env={**os.environ, name: value, "TMPDIR": self.elsewhere.name},
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def run(self, *words):
        return subprocess.run([*self.command, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=120)

    def report(self):
        return json.loads(self.out.with_suffix(".report.json").read_text())

    def files(self):
        return sorted(f.name for f in self.out.parent.iterdir())

    def temporary_files(self):
        return sorted(os.listdir(self.elsewhere.name))

    def journalled(self):
        """Chunks that are whole and said to be so."""
        try:
            lines = (self.work / "journal.ndjson").read_text().split("\n")[:-1]
        except FileNotFoundError:
            return 0
        return sum((self.work / json.loads(line)["file"]).exists() for line in lines if line)

    def orphans(self, seconds=2):
        """Processes of this render that are left after so long."""
        end = time.monotonic() + seconds
        left = marked_processes(self.mark.encode())
        while left and time.monotonic() < end:
            left = marked_processes(self.mark.encode())
        return left
