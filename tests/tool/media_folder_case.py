# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests that render a folder of media as it lies there."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np

import coloured

ROSTRUM = os.path.abspath(sys.argv.pop(1))
RATE = 25


class MediaFolderCase(unittest.TestCase):
    """`self.dir` is an empty folder, and `self.film` where its film gets to."""

    def setUp(self):
        box = tempfile.TemporaryDirectory()
        self.addCleanup(box.cleanup)
        self.box = pathlib.Path(box.name).resolve()
        self.dir = self.box / "my.lecture"
        self.dir.mkdir()
        self.film = self.box / "my.lecture.mp4"

    def run_tool(self, *words, status=0, env=None):
        done = subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              env={**os.environ, **(env or {})})
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def render(self, *words, **how):
        return self.run_tool("render", self.dir, "--progress", "none", *words, **how)

    def expect_colours(self, crop, stretches, frames):
        """`stretches`: (first frame, colour); the last one goes to the end."""
        found = coloured.colours(self.film, crop)
        self.assertEqual(len(found), frames)
        starts = [first for first, _ in stretches] + [frames]
        for (first, colour), end in zip(stretches, starts[1:]):
            wrong = np.flatnonzero(np.abs(found[first:end] - colour).max(axis=1) > 24) + first
            self.assertEqual(wrong.tolist(), [], f"frames that are not {colour}: {found[wrong[:3]].tolist()}")

    def expect_tones(self, parts, silent=()):
        """`parts`: (start, end, frequency); 0.3 loud there, and no other frequency of them or of `silent` is heard."""
        sound = coloured.samples(self.film)
        for start, end, heard in parts:
            for frequency in {part[2] for part in parts}.union(silent) - {None}:
                amplitude = coloured.tone(sound, start + 0.05, end - 0.05, frequency)
                expected = 0.3 if frequency == heard else 0
                self.assertAlmostEqual(amplitude, expected, delta=0.03, msg=f"{frequency} Hz from {start} s to {end} s")

    def names(self):
        return sorted(str(path.relative_to(self.dir)) for path in self.dir.rglob("*"))
