# SPDX-License-Identifier: LGPL-2.1-or-later
"""rostrum plan --contact-sheet as a user runs it.  Usage: contact_sheet_test.py ROSTRUM [unittest options]"""
import json
import os
import shutil
import signal
import subprocess
import sys
import unittest

import numpy

import meeting_case
import processes

ROSTRUM = os.path.abspath(sys.argv.pop(1))
PICTURE = (320, 180)
PAGE = (0x1B, 0x1E, 0x24)  # the colour of the paper
NOBODYS = "\U0010fffd"  # for private use: no font has it
# The page as core/contact_page.h has it.
MARGIN, HEADER, CAPTION, GAP = 28, 78, 62, 16


def run(*words, **options):
    return subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL, **options)


def decode(path, *options):
    """A picture, or what a filter makes of a film's frame, as rows of RGB."""
    size = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", str(path)],
                          check=True, capture_output=True, text=True).stdout.split("\n")[0].split(",")
    width, height = PICTURE if options else map(int, size[:2])
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), *options, "-frames:v", "1", "-f", "rawvideo",
                          "-pix_fmt", "rgb24", "-"], check=True, capture_output=True).stdout
    return numpy.frombuffer(raw, numpy.uint8).reshape(height, width, 3).astype(int)


def corner(page, index, picture):
    """Where the index-th cell begins, column and row of pixels."""
    step = max(picture[0], 180) + GAP
    columns = (page.shape[1] - 2 * MARGIN + GAP) // step
    return MARGIN + index % columns * step, MARGIN + HEADER + index // columns * (picture[1] + CAPTION + GAP)


def cell(page, index, picture=PICTURE):
    """What the page shows of the index-th scene."""
    x, y = corner(page, index, picture)
    return page[y:y + picture[1], x:x + picture[0]]


def caption(page, index, picture=PICTURE):
    x, y = corner(page, index, picture)
    return page[y + picture[1] + 2:y + picture[1] + CAPTION, x:x + picture[0]]


def is_paper(pixels):
    return bool((pixels == PAGE).all())


class ContactSheetTest(meeting_case.MeetingCase):
    def setUp(self):
        super().setUp()
        self.png = self.dir / "sheet.png"

    def sheet(self, *words, status=0, says="", **options):
        done = run("plan", self.job, "--contact-sheet", self.png, *words, **options)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertIn(says, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual([f.name for f in self.dir.glob(".*")], [], "a temporary file is left")
        if status == 0:
            return decode(self.png)
        return None

    def scenes(self):
        return json.loads(run("plan", self.job, "--json").stdout)["scenes"]

    def test_every_scene_has_the_picture_that_the_film_has(self):
        page = self.sheet()
        scenes = self.scenes()
        self.assertEqual(len(scenes), 5)
        film = self.dir / "out.mp4"
        self.assertEqual(run("render", self.job, "-o", film, "--progress", "none").returncode, 0)
        for i, scene in enumerate(scenes):
            first, end = scene["frames"]
            shown = first + min(25, (end - first) // 2)
            frame = decode(film, "-vf", f"select=eq(n\\,{shown}),scale=320:180")
            # the last pixels are the line around it
            difference = numpy.abs(cell(page, i) - frame)[2:-2, 2:-2].mean()
            self.assertLess(difference, 6, f"scene {i}, frame {shown}")
        self.assertTrue(is_paper(cell(page, len(scenes))), "a cell too many")

    def test_each_cell_has_words_under_it(self):
        page = self.sheet()
        for i in range(5):
            self.assertGreater(numpy.count_nonzero(caption(page, i).max(axis=2) > 200), 50, i)
        self.assertGreater(numpy.count_nonzero(page[MARGIN:MARGIN + HEADER].max(axis=2) > 200), 100, "no title")

    def test_a_slide_keeps_its_colour(self):
        # 960x540 at 0,90 of 1280x720, so its middle is at a third of the picture
        colour = cell(self.sheet(), 1)[90, 120]
        self.assertLess(numpy.abs(colour - (0x20, 0x40, 0xA0)).max(), 6, colour)

    def test_a_medium_that_cannot_be_played_is_black_as_in_the_film(self):
        anna = self.dir / "anna.mp4"
        data = bytearray(anna.read_bytes())
        begin = data.index(b"mdat") + 4
        data[begin:len(data) * 9 // 10] = bytes(len(data) * 9 // 10 - begin)  # its index stays whole
        anna.write_bytes(data)
        self.assertLess(cell(self.sheet(), 0)[2:-2, 2:-2].max(), 12)

    def test_who_is_only_heard_has_the_caption_of_who_is_seen(self):
        captions = []
        for kind in "camera", "microphone":
            track = {"id": "anna", "kind": kind, "person": "anna", "clips": [{"asset": "anna", "start": 0}]}
            self.edit(lambda job: job.update(tracks=[track], layout={"cards": True}))
            captions.append(caption(self.sheet("--overwrite"), 0))
        self.assertTrue((captions[0] == captions[1]).all())

    def test_a_title_card_is_something(self):
        def title_card(job):
            job["tracks"] = [{"id": "mic", "kind": "microphone", "clips": [{"asset": "anna", "start": 0}]}]
            job["cards"] = [{"at": "start", "duration": 2, "title": " ", "background": "#2040a0"}]

        self.edit(title_card)
        colour = cell(self.sheet(), 0)[90, 160]
        self.assertLess(numpy.abs(colour - (0x20, 0x40, 0xA0)).max(), 6, colour)

    def test_letters_that_no_font_has_are_left_out_and_reported(self):
        self.edit(lambda job: (job.update(title="AB"), job["people"][0].update(name="CD")))
        whole = self.sheet()
        self.edit(lambda job: (job.update(title=f"A{NOBODYS}B"), job["people"][0].update(name=f"C{NOBODYS}D")))
        done = run("plan", self.job, "--contact-sheet", self.png, "--overwrite")
        for pointer in ("/title", "/people/0/name"):
            self.assertIn(f"job.json:{pointer}: no installed font has U+10FFFD", done.stderr)
        self.assertTrue((decode(self.png) == whole).all())

    def test_it_warns_as_plan_does(self):
        self.edit(lambda job: job.update(scenes=[{"start": 0, "speaker": "boris"}]))
        warning = next(line for line in run("plan", self.job).stderr.splitlines() if "/scenes/0" in line)
        self.sheet(says=warning)

    def test_a_portrait_canvas_has_portrait_cells(self):
        self.edit(lambda job: job.update(canvas={"size": "720x1280", "rate": "25/1"}))
        page = self.sheet()
        picture = cell(page, 1, (180, 320))
        self.assertLess(numpy.abs(picture[68, 90] - (0x20, 0x40, 0xA0)).max(), 6, picture[68, 90])

    def test_the_longest_scenes_stay_where_not_all_have_room(self):
        # a slide for two frames, then nothing for two; once for three
        clips = [{"asset": "slide", "start": 0.16 * i, "duration": 0.08} for i in range(200)]
        clips[-1]["duration"] = 0.12
        self.edit(lambda job: job.update(duration=32, canvas={"size": "320x180", "rate": "25/1"},
                                         layout={"policy": "single"},
                                         tracks=[{"id": "deck", "kind": "slides", "clips": clips}]))
        page = self.sheet(says="has room for the 322 longest of 400 scenes")
        self.assertLessEqual(page.shape[0], 12000)
        self.assertLessEqual(page.shape[1], 2400)
        self.assertLess(numpy.abs(cell(page, 321)[90, 160] - (0x20, 0x40, 0xA0)).max(), 6)

    def test_what_it_refuses(self):
        self.sheet("--json", status=2)
        self.sheet("--explain", "1", status=2)
        self.sheet("--dot", status=2)
        self.sheet("--assets", status=2)
        self.assertEqual(run("plan", self.job, "--overwrite").returncode, 2)
        for name in ("sheet.jpg", "", "absent/sheet.png"):
            done = run("plan", self.job, "--contact-sheet", self.dir / name if name else "")
            self.assertEqual(done.returncode, 2, name)
            self.assertIn("rostrum: error: ", done.stderr)
        shutil.copy(self.dir / "slide.png", self.png)
        before = self.png.read_bytes()
        self.sheet(status=2, says="--overwrite")
        self.assertEqual(self.png.read_bytes(), before)
        self.sheet("--overwrite")
        self.assertNotEqual(self.png.read_bytes(), before)
        done = run("plan", self.job, "--contact-sheet", self.dir / "slide.png", "--overwrite")
        self.assertEqual((done.returncode, "is read by this job" in done.stderr), (2, True), done.stderr)

    def test_a_job_without_pictures_has_no_sheet(self):
        self.edit(lambda job: job.update(tracks=[{"id": "mic", "kind": "microphone",
                                                  "clips": [{"asset": "anna", "start": 0}]}]))
        self.sheet(status=5, says="nothing of it can be seen")
        self.assertFalse(self.png.exists())

    def test_ctrl_c_ends_it_and_leaves_nothing(self):
        (self.dir / "slide.png").write_bytes(b"%PDF-1.4\n")
        sleep = processes.unique_sleep()
        for name, does in (("pdfinfo", "printf 'Pages: 1\\nPage    1 size: 640 x 360 pts\\nPage    1 rot: 0\\n'"),
                           ("pdftocairo", "exec " + " ".join(sleep))):
            (self.dir / name).write_text(f"#!/bin/sh\n{does}\n")
            (self.dir / name).chmod(0o700)
        started = subprocess.Popen([ROSTRUM, "plan", self.job, "--contact-sheet", self.png], stderr=subprocess.PIPE,
                                   text=True, env={**os.environ, "PATH": f"{self.dir}:{os.environ['PATH']}"})
        processes.wait_for(sleep)  # a page is being drawn
        started.send_signal(signal.SIGINT)
        said = started.communicate(timeout=30)[1]
        self.assertEqual(started.returncode, 130, said)
        self.assertIn("interrupted", said)
        self.assertEqual({f.name for f in self.dir.iterdir()} & {"sheet.png", ".sheet.png.part"}, set())


if __name__ == "__main__":
    unittest.main()
