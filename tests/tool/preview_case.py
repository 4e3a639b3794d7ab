# SPDX-License-Identifier: LGPL-2.1-or-later
"""A job of numbered pictures, and its page served."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import unittest
import urllib.error
import urllib.request

import coloured
import numbered

RATE = numbered.RATE
SLIDES = 4 * RATE  # frames before the numbered pictures
FRAMES = SLIDES + 12 * RATE


def make_job(folder):
    """Two slides, then pictures with the numbers from 0 on, and a voice."""
    numbered.make(folder / "numbers.mp4", 0, FRAMES - SLIDES, numbered.CODINGS["closed"])
    coloured.make_pdf(folder / "deck.pdf", [coloured.RED, coloured.YELLOW])
    coloured.make_tone(folder / "anna.wav", 10, 440)
    path = folder / "job.json"
    path.write_text(json.dumps({
        "rostrum": 1, "title": "Numbers", "duration": FRAMES / RATE,
        "canvas": {"size": f"{numbered.WIDTH}x{numbered.HEIGHT}", "rate": f"{RATE}/1"},
        "people": [{"id": "anna", "name": "Anna <Reed>"}],
        "assets": {name.split(".")[0]: {"uri": name} for name in ("numbers.mp4", "deck.pdf", "anna.wav")},
        "tracks": [{"id": "voice", "kind": "microphone", "person": "anna",
                    "clips": [{"asset": "anna", "start": 1, "muted": [[2, 3]]}]},
                   {"id": "screen", "kind": "screen", "clips": [{"asset": "numbers", "start": SLIDES / RATE}]},
                   {"id": "slides", "kind": "slides", "clips": [{"asset": "deck", "page": 1, "start": 0, "duration": 2},
                                                                {"asset": "deck", "page": 2, "start": 2, "duration": 2}]}]}))
    return path


class Server:
    """`rostrum preview JOB --web` while it lives."""

    def __init__(self, rostrum, job, *words, env=None):
        self.process = subprocess.Popen([rostrum, "preview", str(job), "--web", *map(str, words)], text=True, env=env,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.url = self.process.stdout.readline().strip()
        self.said = []
        self.reader = threading.Thread(target=lambda: self.said.extend(self.process.stderr))
        self.reader.start()
        self.host = self.url.split("/")[2] if self.url else ""

    def end(self, how=signal.SIGINT):
        """Its exit status."""
        self.process.send_signal(how)
        self.process.wait(30)
        self.reader.join()
        for pipe in (self.process.stdout, self.process.stderr):
            pipe.close()
        return self.process.returncode

    def get(self, path, **headers):
        with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers), timeout=30) as answer:
            return answer.read()

    def status(self, path, method="GET", base=None, **headers):
        request = urllib.request.Request((base or self.url) + path, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code


class PreviewCase(unittest.TestCase):
    rostrum = ""

    @classmethod
    def setUpClass(cls):
        made = tempfile.TemporaryDirectory()
        cls.addClassCleanup(made.cleanup)
        cls.made = pathlib.Path(made.name)
        make_job(cls.made)

    def setUp(self):
        box = tempfile.TemporaryDirectory()
        self.addCleanup(box.cleanup)
        self.dir = pathlib.Path(box.name).resolve()
        for file in self.made.iterdir():
            os.link(file, self.dir / file.name)
        self.job = self.dir / "job.json"
        text = self.job.read_text()
        self.job.unlink()
        self.job.write_text(text)

    def serve(self, *words, env=None):
        server = Server(self.rostrum, self.job, *words, env=env)
        self.addCleanup(lambda: server.process.poll() is None and server.end())
        self.assertTrue(server.url, server.said)
        return server

    def edit(self, change):
        """As editors write: another file that takes the name."""
        job = json.loads(self.job.read_text())
        change(job)
        new = self.dir / "job.new"
        new.write_text(json.dumps(job))
        new.rename(self.job)
