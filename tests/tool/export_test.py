#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Jobs to editors and back.  Usage: export_test.py ROSTRUM [unittest options]"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import xml.etree.ElementTree

import numpy as np

ROSTRUM = os.path.abspath(sys.argv.pop(1))
RATE, WIDTH, HEIGHT = 25, 320, 180
RED, GREEN, BLUE, BLACK = (254, 0, 0), (0, 128, 0), (0, 0, 254), (0, 0, 0)
GES = shutil.which("ges-launch-1.0")


def make(path, *words):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-nostdin", *words, str(path)], check=True)


def colour_film(path, colour, seconds, *sound):
    make(path, "-f", "lavfi", "-i", f"color={colour}:size={WIDTH}x{HEIGHT}:rate={RATE}:duration={seconds}", *sound,
         "-c:v", "libx264", "-pix_fmt", "yuv420p", "-shortest")


JOB = {
    "rostrum": 1, "title": "Vortrag: Ж", "canvas": {"size": f"{WIDTH}x{HEIGHT}", "rate": "25/1"},
    "people": [{"id": "anna", "name": "Anna", "role": "presenter", "talking": [[1, 2]]}],
    "assets": {"cam 1": {"uri": "media/cam #1.mp4"}, "screen": {"uri": "media/screen.mp4"},
               "slide": {"uri": "slide.png", "alternatives": ["https://media.example.org/slide.png"]}},
    "tracks": [
        {"id": "cam", "kind": "camera", "person": "anna", "gain": -3,
         "clips": [{"asset": "cam 1", "start": 0.517, "in": 0.3, "duration": 2.251, "muted": [[1.2, 1.7]]}]},
        {"id": "desk", "kind": "screen", "clips": [{"asset": "screen", "start": 3, "duration": 2}]},
        {"id": "deck", "kind": "slides", "clips": [{"asset": "slide", "start": 5, "duration": 1}]}],
    "layout": {"policy": "single", "speaker": {"source": "log"}}, "duration": 7}


class ExportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        box = tempfile.TemporaryDirectory()
        cls.addClassCleanup(box.cleanup)
        cls.dir = pathlib.Path(box.name).resolve()
        (cls.dir / "media").mkdir()
        tone = ("-f", "lavfi", "-i", "sine=440:duration=3")
        colour_film(cls.dir / "media/cam #1.mp4", "0xff0000", 3, *tone, "-c:a", "aac")
        colour_film(cls.dir / "media/screen.mp4", "0x008000", 2)
        make(cls.dir / "slide.png", "-f", "lavfi", "-i", f"color=0x0000ff:size={WIDTH}x{HEIGHT}", "-frames:v", "1")
        cls.job = cls.dir / "job.json"
        cls.job.write_text(json.dumps(JOB))

    def run_tool(self, *words, status=0):
        done = subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def export(self, form, *words):
        out = self.dir / f"out.{form}"
        done = self.run_tool("export", form, self.job, "-o", out, "--overwrite", *words)
        self.assertIn("warning", done.stderr)
        return out

    def test_otio_brings_the_same_plan_back(self):
        otio = self.export("otio")
        again = self.dir / "again.json"
        done = self.run_tool("import", "otio", otio, "-o", again, "--overwrite")
        self.assertEqual(done.stderr, "")
        manifest = json.loads(again.read_text())
        self.assertEqual({key: asset["uri"] for key, asset in manifest["assets"].items()},
                         {key: asset["uri"] for key, asset in JOB["assets"].items()})
        self.assertEqual(manifest["assets"]["slide"]["alternatives"], JOB["assets"]["slide"]["alternatives"])
        plans = [self.run_tool("plan", job, "--json").stdout for job in (self.job, again, otio)]
        self.assertEqual(plans[0], plans[1])
        self.assertEqual(plans[0], plans[2])

    def test_otio_is_read_by_another_reader_too(self):
        timeline = json.loads(self.export("otio").read_text())
        self.assertEqual(timeline["name"], "Vortrag: Ж")
        found = []
        for track in timeline["tracks"]["children"]:
            at = 0
            for item in track["children"]:
                if item["OTIO_SCHEMA"] == "Transition.1":
                    continue
                span = item["source_range"]
                self.assertEqual({time["rate"] for time in (span["start_time"], span["duration"])}, {25.0})
                frames = span["duration"]["value"]
                if item["OTIO_SCHEMA"] == "Clip.2":
                    medium = item["media_references"][item["active_media_reference_key"]]
                    path = pathlib.Path(urllib.parse.unquote(urllib.parse.urlparse(medium["target_url"]).path))
                    self.assertTrue(path.is_file(), path)
                    found.append((track["kind"], path.name, at, frames, span["start_time"]["value"]))
                at += frames
        self.assertEqual(found, [("Video", "cam #1.mp4", 13, 57, 8), ("Video", "screen.mp4", 75, 50, 0),
                                 ("Video", "slide.png", 125, 25, 0), ("Audio", "cam #1.mp4", 13, 57, 8)])

    def test_edl_covers_the_film_frame_by_frame(self):
        lines = self.export("edl").read_text().split("\n")
        self.assertEqual(lines[:2], ["TITLE: Vortrag: Ж", "FCM: NON-DROP FRAME"])
        times = r"(\d\d):(\d\d):(\d\d):(\d\d)"
        events = []
        for line in lines:
            if match := re.fullmatch(rf"(\d\d\d)  (\S+) +V +C +{' '.join([times] * 4)}", line):
                numbers = list(map(int, match.groups()[2:]))
                frames = [((h * 60 + m) * 60 + s) * RATE + f for h, m, s, f in zip(*[iter(numbers)] * 4)]
                events.append((match[2], *frames))
        self.assertEqual(events, [("BL", 0, 13, 0, 13), ("CAM1", 8, 65, 13, 70), ("BL", 0, 5, 70, 75),
                                  ("SCREEN", 0, 50, 75, 125), ("SLIDE", 0, 25, 125, 150), ("BL", 0, 25, 150, 175)])
        self.assertIn("* FROM CLIP NAME: cam #1.mp4", lines)

    def test_xges_has_every_clip_where_the_film_has_it(self):
        root = xml.etree.ElementTree.parse(self.export("xges")).getroot()
        found = []
        for clip in root.iter("clip"):
            name = urllib.parse.unquote(clip.get("asset-id").rsplit("/", 1)[-1])
            found.append((name, *(int(clip.get(key)) // 1_000_000 for key in ("start", "duration", "inpoint")),
                          clip.get("track-types")))
        self.assertEqual(found, [("cam #1.mp4", 520, 2280, 303, "4"), ("screen.mp4", 3000, 2000, 0, "4"),
                                 ("slide.png", 5000, 1000, 0, "4"), ("cam #1.mp4", 517, 683, 300, "2"),
                                 ("cam #1.mp4", 1700, 1068, 1483, "2"), ("GESTestClip", 0, 7000, 0, "4")])

    @unittest.skipUnless(GES, "ges-launch-1.0 is not installed")
    def test_xges_plays_in_ges(self):
        film = self.dir / "ges.mkv"
        subprocess.run([GES, "--load", self.export("xges").as_uri(), "-o", film.as_uri(), "--format",
                        "video/x-matroska:video/x-h264:audio/x-vorbis", "--disable-mixing"], check=True, timeout=120,
                       stdin=subprocess.DEVNULL, capture_output=True)
        raw = subprocess.run(["ffmpeg", "-v", "error", "-i", str(film), "-an", "-vf", "scale=1:1:flags=area", "-pix_fmt",
                              "rgb24", "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
        frames = np.frombuffer(raw, np.uint8).reshape(-1, 3).astype(int)
        for frame, colour in ((6, BLACK), (40, RED), (72, BLACK), (100, GREEN), (137, BLUE), (160, BLACK)):
            self.assertLess(np.abs(frames[frame] - colour).max(), 40, f"frame {frame}: {frames[frame]}")

    def test_standard_output_and_refusals(self):
        self.assertEqual(self.run_tool("export", "edl", self.job).stdout, self.export("edl").read_text())
        self.run_tool("export", "edl", self.job, "-o", self.dir / "out.edl", status=2)
        before = self.job.read_text()
        self.run_tool("export", "edl", self.job, "-o", self.job, "--overwrite", status=2)
        self.assertEqual(self.job.read_text(), before)
        self.assertIn("FORMAT", self.run_tool("export", "aaf", self.job, status=2).stderr)

    def test_formats_are_listed(self):
        lines = self.run_tool("import", "--list").stdout.splitlines()
        names = [line.split()[0] for line in lines]
        for name in ("mtslink", "bigbluebutton", "opencast", "otio"):
            self.assertIn(name, names)
        self.assertTrue(all(len(line.split()) > 3 for line in lines))
        self.run_tool("import", "--list", "otio", status=2)
        self.run_tool("import", "otio", status=2)
        self.run_tool("import", status=2)


if __name__ == "__main__":
    unittest.main()
