# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests that work on a copy of one small meeting, which is made once."""
import json
import pathlib
import shutil
import tempfile
import unittest

import recording


class MeetingCase(unittest.TestCase):
    """`self.dir` holds the meeting's media and `self.job`, anew for each test."""

    @classmethod
    def setUpClass(cls):
        made = tempfile.TemporaryDirectory()
        cls.addClassCleanup(made.cleanup)
        recording.meeting(made.name)
        cls.made = made.name

    def setUp(self):
        box = tempfile.TemporaryDirectory()
        self.addCleanup(box.cleanup)
        self.dir = pathlib.Path(box.name).resolve()
        shutil.copytree(self.made, self.dir, dirs_exist_ok=True)
        self.job = self.dir / "job.json"
        self.out = self.dir / "out.mp4"

    def edit(self, change):
        job = json.loads(self.job.read_text())
        change(job)
        self.job.write_text(json.dumps(job))
