#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The window before the render: preview_test.py TOOL.  Keys go through a terminal of the test's own; the window is looked at
under Xvfb where that and an X video sink are installed."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import numpy

from terminal import LONGEST, Terminal

TOOL = os.path.abspath(sys.argv.pop(1))
SINKS = ["--video-sink", "fakevideosink", "--audio-sink", "fakeaudiosink"]
WIDTH, HEIGHT = 320, 192
COLORS = {"1": "#c02020", "2": "#2020c0"}


class PreviewTest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name).resolve()
        for name, color in COLORS.items():
            (self.folder / f"{name}.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
                                                     f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{color}"/></svg>')
        self.write(["1", "2"])

    def write(self, slides):
        clips = [{"asset": slide, "start": 10 * i, "duration": 10} for i, slide in enumerate(slides)]
        job = {"rostrum": 1, "canvas": {"size": f"{WIDTH}x{HEIGHT}", "rate": "25/1"},
               "assets": {name: {"uri": f"{name}.svg"} for name in COLORS},
               "tracks": [{"id": "deck", "kind": "slides", "clips": clips}]}
        (self.folder / "new").write_text(json.dumps(job))
        (self.folder / "new").rename(self.folder / "job.json")

    def start(self, *words, **environment):
        terminal = Terminal([TOOL, "preview", "job.json", *words], self.folder, **environment)
        self.addCleanup(terminal.close)
        return terminal

    def pixel(self, name):
        raw = subprocess.run(["ffmpeg", "-v", "error", "-i", self.folder / name, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                             check=True, capture_output=True).stdout
        self.assertEqual(len(raw), WIDTH * HEIGHT * 3)
        return numpy.frombuffer(raw, numpy.uint8).reshape(HEIGHT, WIDTH, 3)[HEIGHT // 2, WIDTH // 2].astype(int)

    def assert_color(self, pixel, name):
        wanted = numpy.array([int(COLORS[name][i:i + 2], 16) for i in (1, 3, 5)])
        self.assertLess(abs(pixel - wanted).max(), 12, (pixel, wanted))

    def test_keys_move_about(self):
        terminal = self.start("--at", "3", *SINKS)
        terminal.until(r"0:00:03\.\d+ / 0:00:20\.000  scene 1/2")
        terminal.press(" ", "paused")
        terminal.press("\033[6~", r"0:00:10\.000 / .*scene 2/2  paused")
        terminal.press(".", r"0:00:10\.040 ")
        terminal.press("\033[B\033[B", r"0:00:09\.960 / .*scene 1/2")
        terminal.press("\033[C", r"0:00:14\.960 ")
        terminal.press("]", r"1\.25x")
        terminal.press("\033[5~", r"0:00:10\.000 ")
        self.assertIn("deck", terminal.press("e", "Heard"))
        terminal.press("s", "saved job-0-00-10.000.png")
        self.assert_color(self.pixel("job-0-00-10.000.png"), "2")
        terminal.press("s", "is there already")
        terminal.press("h", "page up")
        terminal.press("x", "")
        os.write(terminal.master, b"q")
        self.assertEqual(terminal.process.wait(LONGEST), 0)

    def test_what_is_shown_follows_the_file(self):
        terminal = self.start(*SINKS)
        terminal.until("scene 1/2")
        terminal.press(" ", "paused")
        self.write(["2", "1", "2"])
        terminal.until("the job has changed")
        terminal.until(r"/ 0:00:30\.000  scene 1/3")
        (self.folder / "job.json").write_text('{"rostrum": 1, "tracks": 3}')
        terminal.until("job.json:/tracks")
        terminal.press("\033[6~", "scene 2/3")  # the old one goes on

    def test_it_ends_with_its_terminal(self):
        terminal = Terminal([TOOL, "preview", "job.json", *SINKS], self.folder)
        terminal.until("scene 1/2")
        os.close(terminal.master)
        self.assertEqual(terminal.process.wait(LONGEST), 0)

    def test_it_ends_with_the_film_where_nobody_can_press_keys(self):
        done = subprocess.run([TOOL, "preview", "job.json", "--at", "19.5", *SINKS], cwd=self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=LONGEST)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_it_says_what_is_missing(self):
        environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
        for words, status, text in ((["job.json"], 2, "no display"), (["other.json", *SINKS], 5, "no such file"),
                                    (["job.json", "--video-sink", "nosuchsink"], 4, "nosuchsink is missing")):
            done = subprocess.run([TOOL, "preview", *words], cwd=self.folder, env=environment, capture_output=True, text=True,
                                  timeout=LONGEST)
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertIn(text, done.stderr)

    @unittest.skipUnless(shutil.which("Xvfb"), "no Xvfb")
    @unittest.skipUnless(shutil.which("gst-inspect-1.0") and
                         subprocess.run(["gst-inspect-1.0", "--exists", "ximagesink"]).returncode == 0, "no ximagesink")
    def test_the_window_shows_it(self):
        read, write = os.pipe()
        server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "640x480x24", "-fbdir", self.folder],
                                  pass_fds=[write], stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (server.terminate(), server.wait()))
        os.close(write)
        self.addCleanup(os.close, read)  # the server has more to write there
        display = ":" + os.read(read, 16).decode().strip()
        terminal = self.start("--video-sink", "ximagesink", "--audio-sink", "fakeaudiosink", DISPLAY=display)
        terminal.until("scene 1/2")
        terminal.press(" ", "paused")
        self.assert_color(self.screen(lambda pixel: pixel[0] > 150), "1")
        terminal.press("\033[6~", r"0:00:10\.000 .*scene 2/2")
        self.assert_color(self.screen(lambda pixel: pixel[2] > 150), "2")

    def screen(self, wanted):
        """A pixel of the window, which has no manager and so stands in the corner, once it is as wanted."""
        end = time.monotonic() + LONGEST
        while True:
            raw = (self.folder / "Xvfb_screen0").read_bytes()  # XWD, as XWDFile.h of X describes it
            head = numpy.frombuffer(raw[:100], ">u4")
            at = int(head[0] + 12 * head[19] + HEIGHT // 2 * head[12] + WIDTH // 2 * 4)
            pixel = numpy.frombuffer(raw[at:at + 3], numpy.uint8)[::-1].astype(int)
            if wanted(pixel) or time.monotonic() > end:
                return pixel
            time.sleep(0.05)


if __name__ == "__main__":
    unittest.main()
