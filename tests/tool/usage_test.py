# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the command refuses, and how it says so.  Usage: usage_test.py ROSTRUM [unittest options]"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import recording

ROSTRUM = os.path.abspath(sys.argv.pop(1))
RECORD = {"duration": 4, "name": "x", "eventLogs": [
    {"module": "mediasession.add", "relativeTime": 0,
     "data": {"id": 1, "url": "media/a.mp4", "stream": {"conference": {"id": 1, "user": {"id": 1, "nickname": "A"}}}}}]}


def run(*words, **options):
    return subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL, **options)


class UsageTest(unittest.TestCase):
    def setUp(self):
        self.box = tempfile.TemporaryDirectory()
        self.addCleanup(self.box.cleanup)
        self.dir = pathlib.Path(self.box.name).resolve()
        recording.slide(self.dir / "slide.png", 0xFF2040A0)
        self.job = self.dir / "job.json"
        self.write({})

    def write(self, more):
        self.job.write_text(json.dumps({
            "rostrum": 1, "title": "a\x1b[31mb\u009b\u202ec\u2028", "duration": 1, "assets": {"slide": {"uri": "slide.png"}},
            "tracks": [{"id": "deck", "kind": "slides", "clips": [{"asset": "slide", "start": 0}]}], **more}))

    def refused(self, *words, status=2, says=""):
        done = run(*words)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertIn(says, done.stderr)
        self.assertIn("rostrum: ", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_words(self):
        self.refused("frobnicate", says='"frobnicate"')
        self.refused("render", self.job, "--nonsense", says="see `rostrum render --help`")
        self.refused("plan", self.job, "--json", "--dot", says="rostrum: error: ")
        self.refused("plan", self.job, "--explain", "99", says="outside the programme")
        self.refused("plan", self.job, "--media", self.dir / "absent")
        self.refused("gc", self.dir, "--max-size", "-1")
        self.refused("gc", self.dir, "--older-than", "nan")

    def test_a_folder_option_does_not_take_the_job(self):
        self.assertEqual(run("plan", "--media", self.dir, self.job).returncode, 0)
        self.assertEqual(run("plan", "--media", self.dir, "--media", self.dir, self.job).returncode, 0)

    def test_control_characters_do_not_reach_the_terminal(self):
        self.assertIn("a?[31mb??c?:", run("plan", self.job).stdout)

    def test_outputs(self):
        before = self.job.read_bytes()
        picture = (self.dir / "slide.png").read_bytes()
        os.mkfifo(self.dir / "pipe.mp4")
        os.link(self.job, self.dir / "twin.mp4")
        os.link(self.dir / "slide.png", self.dir / "slide.mp4")
        (self.dir / "old.json").write_text("precious")
        film = self.dir / "out.mp4"
        for out in (self.job, self.dir / "slide.mp4", self.dir / "twin.mp4", self.dir / "pipe.mp4", "/dev/null",
                    self.dir / ("x" * 245 + ".mp4")):
            self.refused("render", self.job, "-o", out, "--overwrite", says=str(out))
        for report in (self.job, self.dir / "absent" / "r.json", film):
            self.refused("render", self.job, "-o", film, "--overwrite", "--report", report, says=str(report.parent))
        self.refused("render", self.job, "-o", film, "--report", self.dir / "old.json", says="--overwrite")
        self.assertEqual(self.job.read_bytes(), before)
        self.assertEqual((self.dir / "slide.png").read_bytes(), picture)
        self.assertEqual((self.dir / "old.json").read_text(), "precious")

    def test_a_film_is_named_what_it_is(self):
        for name, says in (("talk.mov", '--output: "talk.mov" ends in ".mov"'), ("talk.avi", '".avi"'), ("talk.txt", '".txt"'),
                           ("talk", "has no ending"), ("talk.m3u8x", "name it .mp4 (or .m4v), .mkv or .webm"),
                           ("talk.m3u8", "--stream names a playlist"), ("talk.jpg", "name it .mp4")):
            self.refused("render", self.job, "-o", name, says=says)
        for path in ("talk.mov", "talk"):
            self.write({"output": {"path": path}})
            self.refused("render", self.job, status=3, says="job.json:/output/path: ")
        for further in ([], [{"path": "talk.m3u8"}]):
            self.write({"outputs": [{"path": "talk.opus"}, *further]})
            self.refused("render", self.job, status=3, says="job.json:/outputs/0/path: ")
        link = "https://my.mts-link.ru/1/2/record-new/3"  # what is wrong is said before anything is fetched
        self.refused("render", link, "-o", "talk.opus", says='--output: "talk.opus" holds no picture')
        self.refused("render", link, "--audio-only", "-o", "talk.mp3", says='--output: "talk.mp3": sound alone goes into')
        self.assertEqual(sorted(f.name for f in self.dir.iterdir()), ["job.json", "slide.png"])

    def test_capitals_in_an_ending_say_the_same(self):
        for name, magic in (("talk.MKV", b"\x1a\x45\xdf\xa3"), ("talk.M4V", b"ftyp")):
            done = run("render", self.job, "-o", self.dir / name, "--draft", "--progress", "none")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(magic, (self.dir / name).read_bytes()[:8])

    def test_a_job_does_not_write_where_it_likes(self):
        with tempfile.TemporaryDirectory() as other:
            (self.dir / "link").symlink_to(other)
            for path in ("../out.mp4", other + "/out.mp4", "link/out.mp4"):
                self.write({"output": {"path": path}})
                self.refused("render", self.job, status=3, says="/output/path")
            done = run("render", self.job, "--allow-root", other, "--draft", "--progress", "json")
            self.assertEqual(done.returncode, 0, done.stderr)
            last = json.loads(done.stdout.splitlines()[-1])
            self.assertEqual((last["event"], last["bytes"], last["substitutions"]),
                             ("done", (pathlib.Path(other) / "out.mp4").stat().st_size, 0))

    def test_the_last_line_says_the_error(self):
        done = run("render", self.dir / "absent.json", "--progress", "json")
        last = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual((last["event"], last["kind"]), ("error", "usage"))

    def test_a_substitution_is_told_by_its_kind(self):
        (self.dir / "slide.png").write_bytes(b"")
        recording.slide(self.dir / "other.png", 0xFF2040A0)
        self.write({"assets": {"slide": {"uri": "slide.png"}, "other": {"uri": "other.png"}}, "tracks": [
            {"id": "deck", "kind": "slides", "clips": [{"asset": "slide", "start": 0, "duration": 0.4},
                                                       {"asset": "slide", "start": 0.4, "duration": 0.2},
                                                       {"asset": "other", "start": 0.6}]}]})
        done = run("render", self.job, "-o", self.dir / "out.mp4", "--draft", "--progress", "none")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("is replaced by a plain slide from 0:00:00.000 to 0:00:00.600", done.stderr)
        [s] = json.loads((self.dir / "out.report.json").read_text())["substitutions"]
        self.assertEqual(s["clip"], "/tracks/0/clips/0")


class ImportTest(unittest.TestCase):
    def setUp(self):
        self.box = tempfile.TemporaryDirectory()
        self.addCleanup(self.box.cleanup)
        self.dir = pathlib.Path(self.box.name).resolve()
        for name in ("rec/media", "jobs"):
            (self.dir / name).mkdir(parents=True)
        self.record = self.dir / "rec" / "record.json"
        self.record.write_text(json.dumps(RECORD))
        (self.dir / "rec" / "media" / "a.mp4").write_bytes(b"x")

    def uris(self, text):
        return [a["uri"] for a in json.loads(text)["assets"].values()]

    def test_media_are_named_from_the_manifest(self):
        for out, uri in (("job.json", "rec/media/a.mp4"), ("rec/job.json", "media/a.mp4"),
                         ("jobs/job.json", str(self.dir / "rec/media/a.mp4"))):
            done = run("import", "mtslink", self.record, "-o", self.dir / out)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.uris((self.dir / out).read_text()), [uri])
            self.assertEqual("--allow-root" in done.stderr, out.startswith("jobs"))
        self.assertEqual(self.uris(run("import", "mtslink", self.record, cwd=self.dir).stdout), ["rec/media/a.mp4"])

    def test_nothing_is_replaced_unasked(self):
        out = self.dir / "job.json"
        out.write_text("{}")
        self.assertEqual(run("import", "mtslink", self.record, "-o", out).returncode, 2)
        self.assertEqual(out.read_text(), "{}")
        self.assertEqual(run("import", "mtslink", self.record, "-o", out, "--overwrite").returncode, 0)
        self.assertEqual(run("import", "mtslink", self.record, "-o", self.record, "--overwrite").returncode, 2)
        self.assertEqual(run("import", "mtslink", out).returncode, 3)


if __name__ == "__main__":
    unittest.main()
