# SPDX-License-Identifier: LGPL-2.1-or-later
"""What becomes of damaged media, in the film and in the report.  Usage: damage_test.py ROSTRUM [unittest options]"""
import hashlib
import json
import subprocess
import sys
import unittest

import numpy as np

import meeting_case
import numbered
import recording

ROSTRUM = sys.argv.pop(1)


class DamageTest(meeting_case.MeetingCase):
    def render(self, *words, status=0):
        done = subprocess.run([ROSTRUM, "render", self.job, "-o", self.out, "--progress", "none", *words],
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stderr

    def substitutions(self):
        return json.loads((self.dir / "out.report.json").read_text())["substitutions"]

    def alone(self, **clip):
        """The job with one camera that fills the picture."""
        def change(job):
            job["tracks"] = [{"id": "t", "kind": "camera", "clips": [{"start": 0, **clip}]}]
            job["layout"] = {"policy": "single"}
        self.edit(change)

    def colour_at(self, second):
        """Mean Y', Cb and Cr of a frame."""
        raw = subprocess.run(["ffmpeg", "-v", "error", "-ss", str(second), "-i", str(self.out), "-frames:v", "1",
                              "-pix_fmt", "yuv444p", "-f", "rawvideo", "-"], check=True, capture_output=True).stdout
        return np.frombuffer(raw, np.uint8).reshape(3, -1).mean(axis=1)

    def assert_slate(self, second):
        """#2040a0 in BT.709's limited range."""
        np.testing.assert_allclose(self.colour_at(second), (71, 173, 110), atol=2)

    def test_each_substitution_says_what_is_shown_instead(self):
        for name in ("anna.mp4", "slide.png"):
            (self.dir / name).write_bytes(b"")
        self.render()
        self.assertEqual([(s["clip"], s["instead"]) for s in self.substitutions()],
                         [("/tracks/0/clips/0", "nothing"), ("/tracks/2/clips/0", "a plain slide")])

    def assert_the_deck_is_plain(self):
        (deck,) = self.substitutions()
        self.assertEqual((deck["clip"], deck["instead"]), ("/tracks/2/clips/0", "a plain slide"))
        self.assertEqual(recording.streams(self.out)["video"]["nb_read_frames"], "160")

    def test_a_slide_that_is_missing_is_a_plain_one(self):
        (self.dir / "slide.png").unlink()
        self.render("--keep")
        self.assert_the_deck_is_plain()
        self.render("--overwrite")  # and lasts
        self.assertEqual(json.loads((self.dir / "out.report.json").read_text())["chunks"]["rendered"], 0)

    def test_a_slide_that_is_another_than_declared_is_not_shown(self):
        with_it = self.dir / "with.mp4"
        self.edit(lambda job: job["assets"]["slide"].update(sha256=hashlib.sha256((self.dir / "slide.png").read_bytes()).hexdigest()))
        subprocess.run([ROSTRUM, "render", self.job, "-o", with_it, "--progress", "none"], check=True, capture_output=True)
        self.edit(lambda job: job["assets"]["slide"].update(sha256="0" * 64))
        self.render()
        self.assert_the_deck_is_plain()
        self.assertNotEqual(recording.frame_hashes(self.out), recording.frame_hashes(with_it))

    def test_a_picture_stands_in_for_a_lost_camera(self):
        (self.dir / "anna.mp4").write_bytes(b"")
        self.alone(asset="anna", duration=3, fallback=["boris", "slide"])
        self.edit(lambda job: job.update(duration=3))
        said = self.render()
        self.assertIn('is replaced by its fallback "slide" from 0:00:02.0', said)
        self.assertEqual([(s["asset"], s["clip"], round(s["from"], 1), round(s["to"], 1), s["instead"], s["fallback"])
                          for s in self.substitutions()],
                         [("anna", "/tracks/0/clips/0", 0, 2, "fallback", "boris"),
                          ("anna", "/tracks/0/clips/0", 2, 3, "fallback", "slide")])
        self.assertEqual(recording.streams(self.out)["video"]["nb_read_frames"], "75")
        self.assert_slate(2.04)
        self.assert_slate(2.92)

    def test_a_picture_as_a_camera_stands_as_long_as_its_clip(self):
        self.alone(asset="slide", duration=3)
        self.render()
        self.assertEqual(self.substitutions(), [])
        self.assert_slate(0)
        self.assert_slate(2.9)
        np.testing.assert_allclose(self.colour_at(3.1), (16, 128, 128), atol=1)

    def test_a_program_stream_is_entered_near_its_beginning(self):
        """Its demuxer guesses where a time stands, and misses the first group of pictures."""
        numbered.make(self.dir / "numbers.mp4", 0, 50, "-g 12")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(self.dir / "numbers.mp4"), "-c:v", "mpeg1video", "-q:v", "2",
                        "-g", "12", "-f", "mpeg", str(self.dir / "numbers.mpg")], check=True)
        self.job.write_text(json.dumps({
            "rostrum": 1, "canvas": {"size": f"{numbered.WIDTH}x{numbered.HEIGHT}", "rate": f"{numbered.RATE}/1"},
            "assets": {"a": {"uri": "numbers.mpg"}},
            "tracks": [{"id": "t", "kind": "camera", "clips": [{"asset": "a", "start": 0}]}], "layout": {"policy": "single"}}))
        for first in (3, 14):
            self.render("--from", str(first / numbered.RATE), "--to", str((first + 6) / numbered.RATE), "--overwrite")
            self.assertEqual([number for number, _ in numbered.by_ffmpeg(self.out)], list(range(first, first + 6)))


if __name__ == "__main__":
    unittest.main()
