# SPDX-License-Identifier: LGPL-2.1-or-later
"""Zoom recordings, from their folder to the film.  Usage: zoom_import_test.py ROSTRUM [unittest options]"""
import json
import unittest

from coloured import BLUE, make_film, sine
from media_folder_case import MediaFolderCase

START = "GMT20260131-120000_Recording"
MIDDLE = "iw/16:ih/16:iw/2:ih/2"
TIMELINE = {"timeline": [
    {"ts": "00:00:00.500", "users": [{"username": "Anna Petrova", "multiple_people": False, "user_id": "1"}]},
    {"ts": "00:00:02.000", "users": [{"username": "Борис", "user_id": "2"}]}, {"ts": "00:00:03.000", "users": []}]}


class ZoomTest(MediaFolderCase):
    def add_film(self, name, colour):
        make_film(self.dir / name, f"color={colour}:size=640x360:rate=25:duration=4", "-f", "lavfi", "-i", sine(440, 4),
                  *"-preset ultrafast -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv".split())

    def add_sound(self, name, frequency):
        (self.dir / name).parent.mkdir(exist_ok=True)
        make_film(self.dir / name, sine(frequency, 4))

    def test_the_clouds_best_picture_is_heard_once(self):
        self.add_film(f"{START}_640x360.mp4", "blue")
        self.add_film(f"{START}_avo_640x360.mp4", "red")
        self.add_sound(f"{START}.m4a", 440)
        (self.dir / "timeline.json").write_text(json.dumps(TIMELINE))
        (self.dir / f"{START}newChat.txt").write_text("12:00:01 From Anna : hello")
        said = self.render().stderr
        self.assertIn("the shared screen with the speaker", said)
        self.assertIn("the chat; it is not used", said)
        self.expect_colours(MIDDLE, [(0, BLUE)], 100)
        self.expect_tones([(0, 4, 440)])
        self.assertGreater(json.loads(self.film.with_suffix(".report.json").read_text())["picture"]["copied"], 0)
        job = json.loads(self.run_tool("import", "zoom", self.dir).stdout)
        self.assertEqual(job["canvas"], {"size": "640x360", "rate": "25/1", "background": "#000000"})
        self.assertEqual([(person["name"], person["talking"]) for person in job["people"]],
                         [("Anna Petrova", [[0.5, 2]]), ("Борис", [[2, 3]])])

    def test_everybodys_own_sound_is_heard_instead_of_that_of_all(self):
        self.add_film("video1987654.mp4", "blue")
        self.add_sound("audio1987654.m4a", 440)
        self.add_sound("Audio Record/audioAnnaPetrova11987654.m4a", 880)
        said = self.render("--draft").stderr
        self.assertIn('the sound of "Anna Petrova"', said)
        self.expect_colours(MIDDLE, [(0, BLUE)], 100)
        self.expect_tones([(0, 4, 880)], silent=[440])

    def test_a_recording_that_is_not_converted_is_named(self):
        (self.dir / "double_click_to_convert_01.zoom").write_bytes(b"\0")
        self.assertIn("open it on the computer with Zoom", self.render(status=3).stderr)


if __name__ == "__main__":
    unittest.main()
