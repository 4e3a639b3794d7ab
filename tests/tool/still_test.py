# SPDX-License-Identifier: LGPL-2.1-or-later
"""Films in which frames are left out where nothing moves: every frame that is there has its time and its picture, and the frames
between are those of the film at the constant rate.  Usage: still_test.py ROSTRUM [unittest options]"""
import bisect
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numbered

ROSTRUM = sys.argv.pop(1)
SECONDS = 75
VIDEO = (30, 42)  # seconds in which the numbered video is seen
VIDEO_FIRST = 1000


def run(*words):
    return subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL)


def output(*words):
    return subprocess.run([*map(str, words)], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL,
                          timeout=120).stdout


def slide(number):
    cells = "".join(f'<rect x="{bit * numbered.CELL}" width="{numbered.CELL}" height="60" fill="#{"fff" if number >> bit & 1 else "000"}"/>'
                    for bit in range(numbered.BITS))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{numbered.WIDTH}" height="{numbered.HEIGHT}">'
            f'<rect width="100%" height="100%" fill="#456"/>{cells}</svg>')


def times(film, rate):
    """The frames of the film, by ffprobe: the number of each on the grid of `rate`, exactly."""
    num, den = rate
    found = []
    for line in output("ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "frame=pts_time", "-of", "csv=p=0",
                       film).split():
        time = float(line.strip(","))
        place = round(time * num / den)
        assert abs(time - place * den / num) < 1e-4, line
        found.append(place)
    return found


def column(film, entries, *words):
    return [line.strip(",") for line in output("ffprobe", "-v", "error", *words, "-show_entries", entries, "-of", "csv=p=0",
                                               film).split()]


class StillTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.dir = pathlib.Path(cls.folder.name)
        cls.slides = {1: 0, 2: 20.52, 3: 20.56, 4: 42, 5: 52, 6: 60.28}
        for number in (*cls.slides, 7):
            (cls.dir / f"{number}.svg").write_text(slide(number))
        output("ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", f"sine=frequency=300:sample_rate=48000:duration={SECONDS}",
               "-filter_complex", "tremolo=f=3", cls.dir / "voice.wav")
        numbered.make(cls.dir / "video.mp4", VIDEO_FIRST, (VIDEO[1] - VIDEO[0]) * 25, numbered.CODINGS["closed"])
        cls.playlist = cls.dir / "film.m3u8"
        cls.variable = cls.render(cls.job(), "variable", *cls.kept(), "--stream", cls.playlist)
        cls.constant = cls.render(cls.job(), "constant")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def kept(cls):
        return "--rate", "variable", "--keep", "--work", cls.dir / "kept"

    @classmethod
    def job(cls, rate="25/1", slides=None, video=True, seconds=SECONDS, **keys):
        slides = slides or cls.slides
        tracks = [{"id": "deck", "kind": "slides", "clips": [{"asset": f"s{n}", "start": at} for n, at in slides.items()]},
                  {"id": "voice", "kind": "audio", "clips": [{"asset": "voice", "start": 0}]}]
        if video:
            tracks.append({"id": "screen", "kind": "screen", "clips": [
                {"asset": "video", "start": VIDEO[0], "duration": VIDEO[1] - VIDEO[0]}]})
        assets = {f"s{n}": {"uri": f"{n}.svg"} for n in slides}
        path = cls.dir / "job.json"
        path.write_text(json.dumps({
            "rostrum": 1, "duration": seconds, "canvas": {"size": f"{numbered.WIDTH}x{numbered.HEIGHT}", "rate": rate},
            "cards": [{"at": 24, "duration": 3, "title": "Questions"}], "assets": {**assets, "voice": {"uri": "voice.wav"}, "video": {"uri": "video.mp4"}}, "tracks": tracks, **keys}))
        return path

    @classmethod
    def render(cls, job, name, *words):
        film = cls.dir / f"{name}.mp4"
        done = run("render", job, "-o", film, "--overwrite", "--progress", "none", *words)
        assert done.returncode == 0, done.stderr
        return film

    @staticmethod
    def report(film):
        return json.loads(film.with_suffix(".report.json").read_text())

    @staticmethod
    def chunks(job, *words):
        return json.loads(run("plan", job, "--json", *words).stdout)["chunks"]

    def assert_holds(self, film, constant, rate=(25, 1)):
        """Against the film at the constant rate, of which every frame is there."""
        places, found = times(film, rate), [number for number, _ in numbered.by_ffmpeg(film)]
        all_frames = [number for number, _ in numbered.by_ffmpeg(constant)]
        self.assertEqual([number for number, _ in numbered.by_gstreamer(film)], found)
        self.assertEqual(times(constant, rate), list(range(len(all_frames))))
        self.assertEqual([found[bisect.bisect_right(places, n) - 1] for n in range(len(all_frames))], all_frames)
        self.assertEqual((places[0], places[-1]), (0, len(all_frames) - 1))
        self.assertLessEqual(max(b - a for a, b in zip(places, places[1:])), round(rate[0] / rate[1]))
        dts = [int(t) for t in column(film, "packet=dts", "-select_streams", "v")]
        self.assertEqual(dts, sorted(set(dts)))
        for entries in ("stream=duration", "format=duration"):
            self.assertEqual(column(film, entries), column(constant, entries))
        sound = ("ffmpeg", "-nostdin", "-v", "error", "-i")
        self.assertEqual(*(output(*sound, f, "-map", "0:a", "-f", "md5", "-") for f in (film, constant)))
        return places

    def test_every_frame_that_is_left_out_is_that_before_it(self):
        places = self.assert_holds(self.variable, self.constant)
        for n in range(VIDEO[0] * 25, VIDEO[1] * 25):
            self.assertIn(n, places)
        for at in self.slides.values():
            self.assertIn(round(at * 25), places)

    def test_report_and_plan_count_the_frames(self):
        places = times(self.variable, (25, 1))
        picture = self.report(self.variable)["picture"]
        self.assertEqual(picture["coded-frames"], len(places))
        self.assertEqual(picture["held-frames"], SECONDS * 25 - len(places))
        chunks = self.chunks(self.job(), "--rate", "variable")
        self.assertEqual([chunk["frames"] for chunk in chunks if "still" in chunk], [[0, 750], [1050, 1875]])
        for chunk in chunks:
            first, end = chunk["frames"]
            self.assertEqual(chunk.get("still", end - first), sum(first <= n < end for n in places))
        self.assertLess(len(places), VIDEO[1] * 25 - VIDEO[0] * 25 + 90)
        self.assertTrue(any("copied" in chunk for chunk in chunks))
        self.assertNotIn("held-frames", self.report(self.constant).get("picture", {}))

    def test_verify_knows_which_frames_are_there(self):
        job = self.job()
        done = run("verify", self.variable, "--job", job, "--rate", "variable")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("frames are left out only where planned", done.stdout)
        self.assertEqual(run("verify", self.variable, "--quick").returncode, 0)
        done = run("verify", self.variable, "--job", job, "--quick")
        self.assertEqual(done.returncode, 6, done.stdout)
        self.assertIn("are missing", done.stdout)
        self.assertEqual(run("verify", self.constant, "--job", job, "--rate", "variable", "--quick").returncode, 6)
        other = self.job(slides={**self.slides, 6: 61})
        self.assertEqual(run("verify", self.variable, "--job", other, "--rate", "variable", "--quick").returncode, 6)

    def test_the_manifest_asks_for_it_at_a_fractional_rate(self):
        job = self.job(rate="30000/1001", seconds=45, output={"rate": "variable"})
        film = self.render(job, "variable-ntsc")
        self.assertIn("held-frames", self.report(film)["picture"])
        self.assertEqual(column(film, "stream=codec_tag_string", "-select_streams", "v"), ["avc1"])  # one set of parameters
        self.assert_holds(film, self.render(job, "constant-ntsc", "--rate", "constant"), (30000, 1001))

    def test_an_edit_renders_only_its_own_chunk(self):
        chunks = self.report(self.variable)["chunks"]
        self.assertEqual(chunks["reused"], 0)
        edited = self.job(slides={**self.slides, 7: 61})
        again = self.report(self.render(edited, "edited", *self.kept()))["chunks"]
        self.assertEqual(again, {"rendered": 1, "reused": chunks["rendered"] - 1})

    def test_streams_hold_the_same_frames(self):
        self.assertEqual(times(self.playlist, (25, 1)), times(self.variable, (25, 1)))
        lengths = [float(line[8:-1]) for parts in self.dir.glob("*.m3u8") for line in parts.read_text().splitlines()
                   if line.startswith("#EXTINF:")]
        self.assertTrue(lengths)
        self.assertLessEqual(max(lengths), 20)


if __name__ == "__main__":
    unittest.main()
