# SPDX-License-Identifier: LGPL-2.1-or-later
"""Media by their names and times, from their folder to the film.  Usage: folder_import_test.py ROSTRUM [unittest options]"""
import json
import unittest

from coloured import BLACK, BLUE, RED, make_film, make_tone, sine
from media_folder_case import MediaFolderCase

LEFT, RIGHT = "iw/16:ih/16:iw/4:ih/2", "iw/16:ih/16:iw*3/4:ih/2"


class FolderTest(MediaFolderCase):
    def add_film(self, name, colour, seconds, frequency=None, *words):
        sound = ["-f", "lavfi", "-i", sine(frequency, seconds)] if frequency else []
        make_film(self.dir / name, f"color={colour}:size=320x180:rate=25:duration={seconds}", *sound,
                  "-preset", "ultrafast", *words)

    def test_names_say_what_whose_and_when(self):
        self.add_film("Anna camera 20260131_120000.mp4", "red", 4, 440)
        make_tone(self.dir / "anna mic 20260131_120001.wav", 2, 880)
        self.add_film("Boris 2026-01-31 at 12.00.02 PM.mp4", "blue", 2)
        (self.dir / "notes.odt").write_text("nothing")
        said = self.render("--draft").stderr
        self.assertIn('"anna mic 20260131_120001.wav": microphone of "Anna" (its name says "mic"), from 0:00:01.000', said)
        self.assertIn('"Boris 2026-01-31 at 12.00.02 PM.mp4": camera of "Boris" (it has a picture), from 0:00:02.000', said)
        self.assertIn('warning: ' + str(self.dir) + ': "notes.odt": is no medium', said)
        self.expect_colours(LEFT, [(0, RED)], 100)
        self.expect_colours(RIGHT, [(0, RED), (50, BLUE)], 100)
        self.expect_tones([(0, 1, 440), (1, 3, 880), (3, 4, 440)])

    def test_creation_times_say_when(self):
        self.add_film("one.mp4", "red", 1, None, "-metadata", "creation_time=2026-01-31T12:00:03Z")
        self.add_film("two.mp4", "blue", 2, None, "-metadata", "creation_time=2026-01-31T12:00:00Z")
        self.assertIn('"one.mp4": camera of "one" (it has a picture), from 0:00:03.000 (by the times of creation',
                      self.render("--draft").stderr)
        self.expect_colours(LEFT, [(0, BLUE), (50, BLACK), (75, RED)], 100)

    def test_a_manifest_goes_before_the_media(self):
        self.add_film("anna.mp4", "red", 1)
        self.run_tool("import", "folder", self.dir, "-o", self.dir / "job.json")
        job = json.loads((self.dir / "job.json").read_text())
        self.assertEqual([asset["uri"] for asset in job["assets"].values()], ["anna.mp4"])
        job["title"] = "Edited"
        (self.dir / "job.json").write_text(json.dumps(job))
        self.assertIn("Edited", self.run_tool("plan", self.dir).stdout)

    def test_a_link_out_of_the_folder_is_not_followed(self):
        self.add_film("anna.mp4", "red", 1)
        (self.dir / "anna.mp4").rename(self.box / "secret.mp4")
        (self.dir / "anna.mp4").symlink_to(self.box / "secret.mp4")
        self.assertIn("--allow-root", self.render(status=3).stderr)
        self.run_tool("import", "folder", self.dir, status=3)
        self.run_tool("import", "folder", self.dir, "--allow-root", self.box)

    def test_a_folder_without_media_is_no_job(self):
        self.assertIn("holds no job", self.render(status=2).stderr)
        self.assertIn("holds no medium", self.run_tool("import", "folder", self.dir, status=3).stderr)
        self.assertIn("is no folder", self.run_tool("import", "zoom", __file__, status=2).stderr)


if __name__ == "__main__":
    unittest.main()
