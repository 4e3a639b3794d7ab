# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pictures of a film: sheets with WebVTT, and single ones.  Usage: thumbnails_test.py ROSTRUM [unittest options]"""
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

import numpy

import meeting_case

ROSTRUM = os.path.abspath(sys.argv.pop(1))


def rgb(path, *words, size=None):
    """Pictures as arrays of height, width, colour, by ffmpeg."""
    width, height = size or (int(v) for v in subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", "-select_streams", "v", str(path)],
        check=True, capture_output=True, text=True).stdout.strip().split(","))
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), *words, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], check=True,
                         capture_output=True).stdout
    return numpy.frombuffer(raw, numpy.uint8).reshape(-1, height, width, 3).astype(int)


def cues(vtt):
    """((from, to), file, (x, y, width, height)) of each."""
    found = []
    for start, end, name, rect in re.findall(r"(\S+) --> (\S+)\n(\S+)#xywh=([\d,]+)\n", vtt.read_text()):
        seconds = [sum(60 ** i * float(v) for i, v in enumerate(reversed(t.split(":")))) for t in (start, end)]
        found.append((seconds, name, [int(v) for v in rect.split(",")]))
    return found


class ThumbnailTest(meeting_case.MeetingCase):
    """The film changes colour each second."""

    def setUp(self):
        super().setUp()
        self.edit(self.colours)

    def colours(self, job):
        colours = ["FF0000", "00FF00", "0000FF", "FFFF00", "00FFFF", "FF00FF", "808080"]
        for colour in colours:
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"color=0x{colour}:s=320x180", "-frames:v", "1",
                            str(self.dir / f"{colour}.png")], check=True)
            job["assets"][colour] = {"uri": f"{colour}.png"}
        job["canvas"] = {"size": "320x180", "rate": "25/1"}
        job["duration"] = 6.4
        job["tracks"] = [{"id": "deck", "kind": "slides", "clips": [
            {"asset": colour, "start": n} for n, colour in enumerate(colours)]}]

    def render(self, *words, status=0):
        done = subprocess.run([ROSTRUM, "render", self.job, "--progress", "none", *map(str, words)], capture_output=True, text=True,
                              timeout=200)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stderr

    def outputs(self, *outputs, rate="constant"):
        self.edit(lambda job: job.update(outputs=[{"path": "out.mp4", "rate": rate}, *outputs]))

    def assert_like(self, picture, wanted, message=""):
        self.assertLess(abs(picture - wanted).mean(), 6, message)

    def test_each_cue_shows_the_frame_of_its_time(self):
        # 0.96 is the last frame of the first colour, 1.0 the first of the second
        self.outputs({"path": "a b.vtt", "every": 0.96, "width": 64}, {"path": "last.jpg", "at": 6.39},
                     {"path": "edge.jpg", "at": 0.9999, "width": 96})
        self.render()
        film = rgb(self.out)
        found = cues(self.dir / "a b.vtt")
        self.assertEqual([round(c[0][0], 3) for c in found], [round(0.96 * n, 3) for n in range(7)])
        self.assertEqual(found[-1][0][1], 6.4)
        self.assertTrue(all(a[0][1] == b[0][0] for a, b in zip(found, found[1:])))
        self.assertEqual({c[1] for c in found}, {"a%20b-001.jpg"})
        sheet = rgb(self.dir / "a b-001.jpg")[0]
        self.assertEqual(sheet.shape, (36, 7 * 64, 3))
        for (start, _), _, (x, y, width, height) in found:
            tile = sheet[y + 4:y + height - 4, x + 4:x + width - 4].mean(axis=(0, 1))
            self.assert_like(tile, film[int(start * 25 + 1e-6)].mean(axis=(0, 1)), f"{start}: {tile}")
        self.assert_like(rgb(self.dir / "last.jpg")[0], film[-1])
        edge = rgb(self.dir / "edge.jpg")[0]
        self.assertEqual(edge.shape, (54, 96, 3))
        self.assert_like(edge.mean(axis=(0, 1)), film[24].mean(axis=(0, 1)))
        names = [pathlib.Path(p).name for p in json.loads((self.dir / "out.report.json").read_text())["thumbnails"]]
        self.assertEqual(names, ["a b-001.jpg", "a b.vtt", "last.jpg", "edge.jpg"])

    def test_of_a_frame_that_is_held(self):
        self.edit(lambda job: job["tracks"][0].update(clips=[{"asset": "FF0000", "start": 0}, {"asset": "0000FF", "start": 11.48}]))
        self.edit(lambda job: job.update(duration=13))
        self.outputs({"path": "a.jpg", "at": 11.44}, {"path": "b.jpg", "at": 11.48}, rate="variable")
        self.render()
        red, blue = (rgb(self.dir / name)[0].mean(axis=(0, 1)) for name in ("a.jpg", "b.jpg"))
        self.assertGreater(red[0] - red[2], 200)
        self.assertGreater(blue[2] - blue[0], 200)

    def test_of_a_part_of_the_job(self):
        self.outputs({"path": "a.jpg", "at": 3.5}, {"path": "b.jpg", "at": 1}, {"path": "s.vtt", "every": 1})
        said = self.render("--from", "3", "--to", "5")
        self.assertIn("b.jpg: 0:00:01.000 is not rendered", said)
        yellow = rgb(self.dir / "a.jpg")[0].mean(axis=(0, 1))
        self.assertTrue(yellow[0] > 200 and yellow[1] > 200 and yellow[2] < 50, yellow)
        self.assertEqual(len(cues(self.dir / "s.vtt")), 2)

    def test_bad_times_and_names(self):
        self.outputs({"path": "a.jpg", "at": 6.4})
        self.assertIn("job.json:/outputs/1/at: the film ends at 0:00:06.400", self.render(status=3))
        self.outputs({"path": "s.vtt"}, {"path": "s-001.jpg", "at": 1})
        self.assertIn("is a picture of the film, so it cannot be a picture of the film", self.render(status=2))
        (self.dir / "s-001.jpg").write_text("mine")
        self.outputs({"path": "s.vtt"})
        self.assertIn("s-001.jpg: exists already", self.render(status=2))

    def test_sound_alone_has_none(self):
        self.outputs({"path": "s.vtt"}, {"path": "out.mkv"})
        said = self.render("--audio-only", "-o", self.dir / "out.m4a")
        self.assertIn("s.vtt: is left out", said)
        self.assertFalse((self.dir / "s.vtt").exists())


if __name__ == "__main__":
    unittest.main()
