# SPDX-License-Identifier: LGPL-2.1-or-later
"""What `rostrum verify --job` finds wrong in a film, and what it lets pass.  Usage: verify_test.py ROSTRUM [unittest options]

The faults are made by numpy and ffmpeg from a good film; that they are there is known by construction.
"""
import html.parser
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np

import verify_media as media

ROSTRUM = sys.argv.pop(1)
FPS, RATE = media.FPS, media.RATE


def run(*words):
    return subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, stdin=subprocess.DEVNULL)


class VerifyCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        box = tempfile.TemporaryDirectory()
        cls.addClassCleanup(box.cleanup)
        cls.dir = pathlib.Path(box.name).resolve()
        media.make_media(cls.dir)

    @classmethod
    def render(cls, name, content, *words):
        path = media.write_job(cls.dir / f"{name}.json", content)
        film = cls.dir / f"{name}-film.mp4"
        done = run("render", path, "-o", film, "--overwrite", "--progress", "none", "--verify", "off", *words)
        assert done.returncode == 0, done.stderr
        return path, film

    def verify(self, film, job, *words):
        done = run("verify", film, "--job", job, "--json", *words)
        self.assertIn(done.returncode, (0, 6), done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual(report["ok"], done.returncode == 0)
        return report


class Faults(VerifyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job, cls.film = cls.render("good", media.job())
        cls.picture, cls.sound = media.decoded(cls.film)

    def check(self, film, *checks, near=None, saying=None):
        """The film fails, in one of these respects, at about that time, with these words."""
        report = self.verify(film, self.job)
        wrong = [f for f in report["findings"] if f["weight"] == "wrong"]
        self.assertEqual(report["verdict"], "failed", report["findings"])
        meant = [f for f in wrong if f["check"] in checks]
        self.assertTrue(meant, wrong)
        if near is not None:
            self.assertTrue(any(f.get("from", -9) - 2.5 <= near <= f.get("to", -9) + 2.5 for f in meant), wrong)
        if saying is not None:
            self.assertTrue(any(saying in f["text"] for f in meant), wrong)
        return report

    def test_the_good_film_and_an_unchanged_copy_pass(self):
        copied = media.encode(self.dir / "copy.mp4", self.picture, self.sound)
        for film in (self.film, copied):
            report = self.verify(film, self.job)
            # ffmpeg's AAC of the copy is a packet short
            wrong = [f for f in report["findings"] if not f["ok"] and (film == self.film or f["check"] != "streams")]
            self.assertEqual(wrong, [])
            compared = report["compared"]
            self.assertGreater(compared["pictures-judged"], 20)
            self.assertGreater(len(compared["picture-in-step"]), 5)
            self.assertGreaterEqual(len(compared["sound-in-step"]), 3)
            self.assertLess(max(abs(s["late"]) for s in compared["sound-in-step"]), 0.010)
            self.assertTrue(all(abs(voice["louder-than-planned"]) < 2 for voice in compared["voices"]))

    def test_a_second_cut_out(self):
        a, b = 10 * FPS, 11 * FPS
        film = media.encode(self.dir / "cut.mp4", np.delete(self.picture, slice(a, b), 0),
                            np.delete(self.sound, slice(10 * RATE, 11 * RATE), 0))
        self.check(film, "streams", saying="575 frames instead of 600")
        self.check(film, "picture-in-step", near=10, saying="1.00 s early")

    def test_sound_late_by_80_ms(self):
        late = np.roll(self.sound, round(0.08 * RATE), 0)
        late[:round(0.08 * RATE)] = 0
        film = media.encode(self.dir / "late.mp4", self.picture, late)
        report = self.check(film, "sound-in-step", saying="80 ms late")
        # ffmpeg's AAC is a packet short, too
        self.assertLessEqual({f["check"] for f in report["findings"] if not f["ok"]}, {"sound-in-step", "streams"})

    def test_a_participant_muted(self):
        content = media.job()
        content["tracks"][1]["clips"][0]["muted"] = [[0, 30]]
        _, film = self.render("muted", content)
        self.check(film, "voices", near=10, saying="\"Boris\" is not heard")

    def test_a_wrong_slide(self):
        content = media.job()
        content["tracks"][2]["clips"][1]["asset"] = "page2"
        _, film = self.render("slide", content)
        self.check(film, "slides", near=10, saying="\"page2\" is shown instead of page 1 of \"page1\"")

    def test_a_slide_that_changes_late(self):
        content = media.job()
        content["tracks"][2]["clips"][0]["duration"] = 7
        content["tracks"][2]["clips"][1].update(start=9, duration=5)
        _, film = self.render("change", content)
        self.check(film, "slides", near=8.5, saying="\"page0\" is shown instead of page 1 of \"page1\"")

    def test_five_frozen_seconds(self):
        frozen = self.picture.copy()
        frozen[14 * FPS + 10:20 * FPS - 5] = frozen[14 * FPS + 10]
        film = media.encode(self.dir / "frozen.mp4", frozen, self.sound)
        self.check(film, "frozen", near=17, saying="the camera of \"Anna\" stands still, though its recording moves")

    def test_three_black_seconds(self):
        black = self.picture.copy()
        pixels = media.SIZE[0] * media.SIZE[1]
        black[9 * FPS:12 * FPS, :pixels] = 16
        black[9 * FPS:12 * FPS, pixels:] = 128
        film = media.encode(self.dir / "black.mp4", black, self.sound)
        self.check(film, "black", near=10, saying="the film is black")

    def test_sound_where_nobody_is_heard(self):
        noisy = self.sound.copy()
        noisy[22 * RATE:] = np.random.default_rng(3).integers(-3000, 3000, noisy[22 * RATE:].shape)
        content = media.job()
        for track in content["tracks"][:2]:
            track["clips"][0]["muted"] = [[21, 24]]
        job, _ = self.render("quiet", content)
        report = self.verify(media.encode(self.dir / "noisy.mp4", self.picture, noisy), job)
        wrong = [f["text"] for f in report["findings"] if not f["ok"]]
        self.assertTrue(any("there is sound where nobody was to be heard" in text for text in wrong), wrong)

    def test_a_truncated_file(self):
        whole = self.film.read_bytes()
        cut = self.dir / "truncated.mp4"
        cut.write_bytes(whole[:len(whole) // 2])
        report = self.verify(cut, self.job)
        self.assertEqual(report["verdict"], "failed")

    def test_a_film_of_another_job(self):
        content = media.job()
        content["tracks"][0]["clips"][0]["asset"] = "static"
        content["assets"]["static"] = {"uri": "static.mp4"}
        content["assets"]["page0"]["uri"] = "dark0.png"
        content["assets"]["page1"]["uri"] = "dark1.png"
        content["assets"]["page2"]["uri"] = "dark2.png"
        _, film = self.render("other", content)
        self.check(film, "job", saying="this is not a film of this job")


class GoodFilms(VerifyCase):
    def check(self, name, content, *words, verdict="complete"):
        job, film = self.render(name, content, *words)
        for how in ((), ("--quick",)):
            report = self.verify(film, job, *how)
            self.assertEqual(report["verdict"], verdict, [f for f in report["findings"] if f["weight"] != "right"])
        return report

    def test_layouts(self):
        for policy in ("grid", "speaker", "side-by-side"):
            with self.subTest(policy):
                self.check(policy, media.job(layout={"policy": policy}))

    def test_a_layout_of_ones_own_with_rounded_tiles_and_tiles_over_others(self):
        self.check("custom", media.job(layout={"policy": "custom", "custom": [
            {"role": "stage", "rect": [0, 0, "65%", "100%"]},
            {"role": "speaker", "rect": ["70%", "5%", "25%", "40%"], "z": 1, "fit": "cover", "radius": 12,
             "border": {"width": 4, "color": "#ffffff"}},
            {"role": "others", "rect": [0, "70%", "30%", "30%"], "z": 1}]}))

    def test_portrait(self):
        content = media.job(canvas={"size": "180x320", "rate": "30/1"})
        self.check("portrait", content)

    def test_scenes_labels_fades_and_cards(self):
        content = media.job(
            layout={"policy": "webinar", "labels": True, "transitions": {"fade": 0.6}},
            scenes=[{"start": 10, "layout": "grid"}, {"start": 15, "speaker": "boris"}],
            cards=[{"at": "start", "duration": 2, "title": "Meeting"}, {"at": "end", "duration": 2, "title": "The end"}])
        self.check("scenes", content)

    def test_loudness_levelling_and_ducking(self):
        content = media.job(audio={"loudness": -16, "level": "speech", "duck": -15, "high-pass": 80, "gate": -12})
        content["assets"]["music"] = {"uri": "music.wav"}
        content["tracks"].append({"id": "music", "kind": "audio", "duck": True, "clips": [{"asset": "music", "start": 0}]})
        self.check("loudness", content)

    def test_a_presenter_who_hardly_moves_and_pauses(self):
        content = media.job()
        content["tracks"][0]["clips"][0]["asset"] = "static"
        content["assets"]["static"] = {"uri": "static.mp4"}
        content["tracks"] = content["tracks"][:1]
        self.check("static", content)

    def test_dark_slides_and_a_black_one(self):
        content = media.job()
        for n in (0, 2):
            content["assets"][f"page{n}"]["uri"] = f"dark{n}.png"
        content["assets"]["page1"]["uri"] = "black.png"
        content["tracks"] = content["tracks"][2:]
        content["tracks"].append({"id": "mic", "kind": "microphone", "person": "anna",
                                  "clips": [{"asset": "anna", "start": 0}]})
        self.check("dark", content)

    def test_a_missing_medium_is_substituted(self):
        content = media.job()
        content["assets"]["boris"]["uri"] = "nowhere.mp4"
        report = self.check("missing", content, verdict="complete with substitutions")
        self.assertTrue(any(f["weight"] == "substituted" and "boris" in f["text"] for f in report["findings"]))

    def test_a_draft_and_a_part(self):
        job, film = self.render("draft", media.job(), "--draft", "--from", "5", "--to", "17.5")
        report = self.verify(film, job, "--from", "5", "--to", "17.5")
        self.assertEqual(report["verdict"], "complete", [f for f in report["findings"] if not f["ok"]])

    def check_page(self, path, pictures):
        page = path.read_text()
        self.assertGreaterEqual(page.count("<img alt=\"\" src=\"data:image/png;base64,"), pictures)
        self.assertEqual(page.count(" src="), page.count(" src=\"data:"))
        for what in ("http:", "https:", "<script", "url(", "@import", "<link"):
            self.assertNotIn(what, page)
        self.assertIn("prefers-color-scheme: dark", page)
        html.parser.HTMLParser().feed(page)
        return page

    def test_the_page(self):
        content = media.job()
        content["people"][0]["name"] = "<i>Anna</i> & \"co\""
        job, film = self.render("page", content)
        path = self.dir / "page.html"
        self.assertEqual(run("verify", film, "--job", job, "--html", path).returncode, 0)
        page = self.check_page(path, 4)
        self.assertIn("&lt;i&gt;Anna&lt;/i&gt; &amp; &quot;co&quot;", page)
        self.assertNotIn("<i>Anna", page)
        self.assertEqual(run("verify", film, "--html", path).returncode, 2)
        self.assertEqual(run("verify", film, "--html", path, "--overwrite").returncode, 0)
        self.check_page(path, 4)
        self.assertEqual(run("verify", film, "--html", film, "--overwrite").returncode, 2)

    def test_without_a_job(self):
        _, film = self.render("alone", media.job())
        done = run("verify", film)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("LUFS", done.stdout)
        self.assertTrue(done.stdout.endswith("alone-film.mp4: complete\n"), done.stdout)


if __name__ == "__main__":
    unittest.main()
