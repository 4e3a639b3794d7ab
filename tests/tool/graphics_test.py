# SPDX-License-Identifier: LGPL-2.1-or-later
"""Names, cards and a logo as a user gets them.  Usage: graphics_test.py ROSTRUM [unittest options]"""
import json
import shutil
import subprocess
import sys
import unittest

import meeting_case

ROSTRUM = sys.argv.pop(1)
NOBODYS = "\U0010fffd"  # a character for private use, which no font has


def corner_lights(film):
    """The luma of the lower left corner (16x16), frame by frame."""
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", str(film), "-an", "-vf", "crop=16:16:0:ih-16",
                          "-pix_fmt", "gray", "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
    return [sum(raw[i:i + 256]) / 256 for i in range(0, len(raw), 256)]


def sound(film):
    return subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", str(film), "-map", "0:a", "-f", "md5", "-"],
                          capture_output=True, check=True).stdout


class GraphicsTest(meeting_case.MeetingCase):
    def run_tool(self, *words, status=0):
        done = subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, timeout=120,
                              stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def render(self, *words):
        return self.run_tool("render", self.job, "-o", self.out, "--overwrite", "--draft", "--progress", "none", *words)

    def report(self):
        return json.loads(self.out.with_suffix(".report.json").read_text())

    def test_letters_that_no_font_has_are_reported_before_the_render(self):
        self.edit(lambda job: job["people"][0].update(name=f"A{NOBODYS}"))
        self.assertNotIn("font", self.run_tool("plan", self.job).stderr)
        self.edit(lambda job: job.update(layout={"labels": True}, cards=[{"at": "end", "title": NOBODYS}]))
        for done in (self.run_tool("plan", self.job, "--json"), self.render()):
            for pointer in ("/people/0/name", "/cards/0/title"):
                self.assertIn(f"job.json:{pointer}: no installed font has U+10FFFD: install fonts-noto-core, or ", done.stderr)

    def test_letters_of_a_card_that_only_a_scene_brings_are_reported(self):
        def hide_anna(job):
            job["people"][0]["name"] = f"A {NOBODYS}"
            job["tracks"][0]["clips"][0]["hidden"] = [[1, 2]]
            job["scenes"] = [{"start": 0, "layout": "grid", "people": ["anna"]}]

        self.edit(hide_anna)
        for done in (self.run_tool("plan", self.job), self.render()):
            self.assertIn("job.json:/people/0/name: no installed font has U+10FFFD: ", done.stderr)

    def test_a_card_covers_exactly_its_time_and_the_sound_goes_on(self):
        self.render()
        plain = sound(self.out)
        self.edit(lambda job: job.update(layout={"labels": True, "cards": True}, cards=[
            {"at": 2, "duration": 1, "title": "Now", "background": "#ffffff", "color": "#000000"},
            {"at": "end", "duration": 0.4, "title": "End", "background": "#ffffff"}]))
        self.render()
        white = [n for n, light in enumerate(corner_lights(self.out)) if light > 240]
        self.assertEqual(white, [*range(50, 75), *range(150, 160)])
        self.assertEqual(sound(self.out), plain)

    def test_a_changed_name_redoes_only_what_shows_it(self):
        self.edit(lambda job: job.update(duration=70, layout={"labels": True}))
        self.render("--keep")
        self.edit(lambda job: job["people"][1].update(name="Борис"))
        self.render("--keep")
        self.assertEqual(self.report()["chunks"]["rendered"], 1)

    def test_a_card_outside_the_film_is_an_error_with_its_pointer(self):
        def change(job):
            del job["duration"]
            job["cards"] = [{"at": 100, "title": "x"}]
        self.edit(change)
        done = self.run_tool("plan", self.job, status=3)
        self.assertIn("/cards/0/at: a card must begin within the film, which ends at ", done.stderr)

    def test_a_logo_that_cannot_be_read_is_left_out_and_reported(self):
        (self.dir / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
        self.edit(lambda job: (job["assets"].update(logo={"uri": "logo.png"}), job.update(logo={"asset": "logo"})))
        done = self.render()
        self.assertIn("job.json:/logo/asset: ", done.stderr)
        self.assertEqual([(s["asset"], s["clip"]) for s in self.report()["substitutions"]], [("logo", "/logo/asset")])
        shutil.copy(self.dir / "slide.png", self.dir / "logo.png")
        self.assertNotIn("/logo", self.render().stderr)
        self.assertEqual(self.report()["substitutions"], [])


if __name__ == "__main__":
    unittest.main()
