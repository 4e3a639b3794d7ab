# SPDX-License-Identifier: LGPL-2.1-or-later
"""rostrum plan --waveform as a user runs it.  Usage: waveform_test.py ROSTRUM [unittest options]"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import wave

import numpy

ROSTRUM = os.path.abspath(sys.argv.pop(1))
RATE = 16000
SECONDS = 40
# The page as engine/waveform_sheet.cpp has it.
MARGIN, HEADER, NAMES, COLUMNS, ROW, GAP = 28, 84, 230, 1400, 44, 6
TALKS, SILENT, MUTED, ABSENT, CLIPPED = (0x8F, 0xD0, 0xA8), (0x2E, 0x34, 0x40), (0x25, 0x28, 0x30), (0x20, 0x24, 0x2B), (0xE5, 0x64, 0x6E)


def run(*words, **environment):
    return subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
                          env={**os.environ, **environment})


def write_wave(path, samples):
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((numpy.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def babble(seconds, level):
    """A voice of sorts: noise that comes and goes three times a second."""
    t = numpy.arange(int(seconds * RATE)) / RATE
    return level * numpy.random.default_rng(1).normal(size=t.size) * (0.5 + 0.5 * numpy.sin(2 * numpy.pi * 3 * t))


class WaveformTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)
        self.png = self.dir / "sound.png"
        self.job = self.dir / "job.json"
        voice = numpy.zeros(SECONDS * RATE)
        voice[10 * RATE:20 * RATE] = babble(10, 0.1)
        voice[15 * RATE:15 * RATE + 400] = 1  # clipped
        write_wave(self.dir / "anna.wav", voice)
        write_wave(self.dir / "boris.wav", babble(10, 0.1))
        self.write({"rostrum": 1, "title": "Sound", "duration": SECONDS, "people": [{"id": "anna"}, {"id": "boris"}],
                    "assets": {"a": {"uri": "anna.wav"}, "b": {"uri": "boris.wav"}},
                    "tracks": [{"id": "a", "kind": "microphone", "person": "anna",
                                "clips": [{"asset": "a", "start": 0, "muted": [[30, 35]]}]},
                               {"id": "b", "kind": "microphone", "person": "boris", "clips": [{"asset": "b", "start": 25}]}]})

    def write(self, job):
        self.job.write_text(json.dumps(job))

    def plan(self, *words, status=0):
        done = run("plan", self.job, "--waveform", self.png, *words, XDG_CACHE_HOME=str(self.dir / "cache"))
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual([f.name for f in self.dir.glob(".*")], [], "a temporary file is left")
        return done

    def page(self):
        raw = subprocess.run(["ffmpeg", "-v", "error", "-i", str(self.png), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                             check=True, capture_output=True).stdout
        width = 2 * MARGIN + NAMES + COLUMNS
        return numpy.frombuffer(raw, numpy.uint8).reshape(-1, width, 3)

    def column(self, page, row, second):
        """The pixels of a row at a moment, from top to bottom."""
        y = MARGIN + HEADER + row * (ROW + GAP)
        return page[y:y + ROW, MARGIN + NAMES + int(second * COLUMNS / SECONDS)]

    def assert_middle(self, pixels, color):
        self.assertEqual(tuple(pixels[ROW // 2]), color)

    def test_who_is_heard_when(self):
        self.assertIn("2 rows", self.plan().stderr)
        page = self.page()
        for second, color in ((5, SILENT), (12, TALKS), (32, MUTED)):
            self.assert_middle(self.column(page, 0, second), color)
        for second, color in ((10, ABSENT), (30, TALKS)):
            self.assert_middle(self.column(page, 1, second), color)
        self.assert_clipped()

    def assert_clipped(self):
        page = self.page()
        clipped = [x for x in range(COLUMNS) if tuple(self.column(page, 0, (x + 0.5) * SECONDS / COLUMNS)[0]) == CLIPPED]
        self.assertTrue(clipped)
        for x in clipped:
            self.assertAlmostEqual(x * SECONDS / COLUMNS, 15, delta=0.2)

    def test_a_medium_is_clipped_whatever_a_filter_takes(self):
        voice = 0.1 * babble(SECONDS, 0.1)
        thump = numpy.arange(RATE // 10) / RATE
        voice[15 * RATE:15 * RATE + thump.size] = 1.3 * numpy.sin(2 * numpy.pi * 40 * thump)
        write_wave(self.dir / "anna.wav", voice)
        job = json.loads(self.job.read_text())
        self.write({**job, "audio": {"high-pass": 200}})
        self.plan()
        self.assert_clipped()

    def test_what_is_louder_is_higher(self):
        self.plan()
        loud = self.column(self.page(), 1, 30)
        job = json.loads(self.job.read_text())
        job["tracks"][1]["gain"] = -12
        self.write(job)
        self.plan("--overwrite")
        quiet = self.column(self.page(), 1, 30)
        height = [sum(tuple(p) == TALKS for p in pixels) for pixels in (loud, quiet)]
        self.assertAlmostEqual(height[0] - height[1], 12 / 60 * ROW, delta=2)

    def test_a_file_is_only_replaced_when_asked(self):
        self.png.write_text("mine")
        self.assertIn("--overwrite", self.plan(status=2).stderr)
        self.assertEqual(self.png.read_text(), "mine")
        done = run("plan", self.job, "--waveform", self.dir / "sound.jpg")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(run("plan", self.job, "--overwrite").returncode, 2)

    def test_a_job_without_sound_has_none(self):
        job = json.loads(self.job.read_text())
        job["tracks"] = [{"id": "t", "kind": "slides", "clips": [{"asset": "p", "start": 0}]}]
        job["assets"] = {"p": {"uri": "slide.png"}}
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=red:size=64x36", "-frames:v", "1",
                        str(self.dir / "slide.png")], check=True)
        self.write(job)
        self.assertIn("nothing of it can be heard", self.plan(status=5).stderr)
        self.assertFalse(self.png.exists())


if __name__ == "__main__":
    unittest.main()
