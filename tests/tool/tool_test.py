# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rostrum command as a user runs it.  Usage: tool_test.py ROSTRUM [unittest options]"""
import fractions
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import meeting_case
import recording

ROSTRUM = sys.argv.pop(1)


def run(*words, **options):
    return subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL, **options)


class ToolTest(meeting_case.MeetingCase):
    def render(self, *words, status=0):
        done = run("render", self.job, "-o", self.out, "--progress", "none", *words)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def assert_no_film(self):
        left = {f.name for f in self.dir.iterdir()} - {"job.json", "anna.mp4", "boris.mp4", "slide.png", "other.png"}
        self.assertFalse([name for name in left if not name.endswith(".rostrum")], left)

    def test_a_good_job_becomes_a_film_of_exact_length(self):
        self.render()
        found = recording.streams(self.out)
        self.assertEqual(found["video"]["nb_read_frames"], "160")
        self.assertEqual((found["video"]["profile"], found["video"]["pix_fmt"], found["video"]["color_space"]),
                         ("High", "yuv420p", "bt709"))
        self.assertEqual(float(found["video"]["start_time"]), 0)
        self.assertEqual(float(found["audio"]["start_time"]), 0)
        self.assertEqual(recording.samples(self.out), 6.4 * 48000)
        report = json.loads((self.dir / "out.report.json").read_text())
        self.assertEqual(report["substitutions"], [])
        self.assertFalse((self.dir / "out.mp4.rostrum").exists())

    def test_a_rate_that_is_no_common_one_is_kept(self):
        for rate in ("2997/100", "2397/100", "25/2", "17/3"):
            self.edit(lambda job: job.update(duration=3, canvas={"size": "320x180", "rate": rate}))
            self.render("--overwrite")
            found = recording.streams(self.out)["video"]
            rate = fractions.Fraction(rate)
            self.assertEqual(fractions.Fraction(found["avg_frame_rate"]), rate)
            self.assertEqual(int(found["nb_read_frames"]), int(3 * rate + fractions.Fraction(1, 2)))
        for name, words in (("out.mkv", ()), ("out.fragmented.mp4", ("--fragmented",))):
            self.edit(lambda job: job["canvas"].update(rate="2997/100"))
            done = run("render", self.job, "-o", self.dir / name, "--progress", "none", *words)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_number_of_workers_changes_nothing(self):
        self.edit(lambda job: job.update(duration=70))
        self.render("--jobs", "1", "--draft")
        one = recording.frame_hashes(self.out)
        self.render("--jobs", "3", "--draft", "--overwrite")
        self.assertEqual(one, recording.frame_hashes(self.out))

    def test_usage_errors_are_2(self):
        for words in (["render"], ["render", self.job, "--nonsense"], ["frobnicate"], ["render", self.dir / "no.json"],
                      ["render", self.job, "-o", self.dir / "absent" / "x.mp4"],
                      ["render", self.job, "--from", "5", "--to", "2"]):
            self.assertEqual(run(*words).returncode, 2, words)
        self.out.write_text("precious")
        done = self.render(status=2)
        self.assertIn("--overwrite", done.stderr)
        self.assertEqual(self.out.read_text(), "precious")

    def test_an_invalid_manifest_is_3_and_says_everything_at_once(self):
        def spoil(job):
            job["tracks"][0]["clips"][0]["asset"] = "nobody"
            job["tracks"][1]["colour"] = 1
        self.edit(spoil)
        done = self.render(status=3)
        self.assertIn("job.json:/tracks/0/clips/0", done.stderr)
        self.assertIn("job.json:/tracks/1/colour", done.stderr)
        self.assert_no_film()

    def test_a_path_out_of_the_folder_is_3_unless_it_is_allowed(self):
        with tempfile.TemporaryDirectory() as other:
            shutil.move(self.dir / "boris.mp4", other)
            os.symlink(pathlib.Path(other) / "boris.mp4", self.dir / "boris.mp4")
            self.assertIn("--allow-root", self.render(status=3).stderr)
            self.render("--allow-root", other)

    def test_a_missing_medium_is_substituted_or_5(self):
        (self.dir / "boris.mp4").unlink()
        done = self.render()
        self.assertIn("/tracks/1/clips/0", done.stderr)
        report = json.loads((self.dir / "out.report.json").read_text())
        self.assertEqual([s["asset"] for s in report["substitutions"]], ["boris"])
        self.assertEqual(recording.streams(self.out)["video"]["nb_read_frames"], "160")
        self.out.unlink()
        (self.dir / "out.report.json").unlink()
        self.render("--on-damage", "fail", status=5)
        self.assert_no_film()

    def test_no_media_at_all_is_5(self):
        for name in ("anna.mp4", "boris.mp4", "slide.png"):
            (self.dir / name).unlink()
        self.render(status=5)

    def test_verify_of_a_cut_file_is_6(self):
        self.render()
        self.assertEqual(run("verify", self.out, "--job", self.job).returncode, 0)
        data = self.out.read_bytes()
        self.out.write_bytes(data[:len(data) * 2 // 3])
        self.assertEqual(run("verify", self.out, "--job", self.job).returncode, 6)

    def test_ctrl_c_is_130_leaves_no_film_and_can_be_resumed(self):
        self.edit(lambda job: job.update(duration=300))
        started = subprocess.Popen([ROSTRUM, "render", self.job, "-o", self.out, "--progress", "json"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in started.stdout:
            if json.loads(line)["done"] > 130:  # more than two workers can have begun: something is finished
                break
        started.send_signal(signal.SIGINT)
        said = started.communicate(timeout=30)[1]
        self.assertEqual(started.returncode, 130, said)
        self.assertIn("again", said)
        self.assert_no_film()
        self.render()
        report = json.loads((self.dir / "out.report.json").read_text())
        self.assertGreater(report["chunks"]["reused"], 0)
        self.assertEqual(recording.streams(self.out)["video"]["nb_read_frames"], "7500")

    def assert_ctrl_c_ends_it_at_once(self, **environment):
        started = subprocess.Popen([ROSTRUM, "render", self.job, "-o", self.out], stderr=subprocess.PIPE, text=True,
                                   env={**os.environ, **environment})
        time.sleep(1)  # it reads for a minute
        self.assertIsNone(started.poll())
        begin = time.monotonic()
        started.send_signal(signal.SIGINT)
        said = started.communicate(timeout=30)[1]
        self.assertLess(time.monotonic() - begin, 3)
        self.assertEqual(started.returncode, 130, said)
        self.assertIn("interrupted before anything was finished; nothing was written", said)

    def test_ctrl_c_while_media_are_looked_into_ends_at_once(self):
        (self.dir / "slide.png").write_bytes(b"%PDF-1.4\n")
        (self.dir / "pdfinfo").write_text("#!/bin/sh\nexec sleep 60\n")
        (self.dir / "pdfinfo").chmod(0o700)
        self.assert_ctrl_c_ends_it_at_once(PATH=f"{self.dir}:{os.environ['PATH']}")

    def test_ctrl_c_while_a_checksum_is_computed_ends_at_once(self):
        with open(self.dir / "anna.mp4", "wb") as file:
            file.truncate(1 << 37)
        self.edit(lambda job: job["assets"]["anna"].update(sha256="0" * 64))
        self.assert_ctrl_c_ends_it_at_once()

    def test_the_plan_is_the_same_every_time_and_everywhere(self):
        first = run("plan", self.job, "--json").stdout
        with tempfile.TemporaryDirectory() as elsewhere:
            shutil.copytree(self.dir, elsewhere, dirs_exist_ok=True)
            self.assertEqual(first, run("plan", pathlib.Path(elsewhere) / "job.json", "--json").stdout)
        self.assertEqual(json.loads(first)["frames"], [0, 160])

    def test_explain_names_who_is_there(self):
        said = run("plan", self.job, "--explain", "2").stdout
        self.assertIn("Anna", said)
        self.assertIn("slide", said)

    def test_from_and_to_render_a_part(self):
        self.render("--from", "1", "--to", "3.56", "--draft")
        self.assertEqual(recording.streams(self.out)["video"]["nb_read_frames"], "64")
        self.assertEqual(recording.samples(self.out), 48000 * 64 // 25)

    def chunks(self):
        return json.loads((self.dir / "out.report.json").read_text())["chunks"]

    def test_an_edit_renders_only_what_it_touches(self):
        recording.slide(self.dir / "other.png", 0xFFA04020)
        self.edit(lambda job: job.update(duration=100))
        self.edit(lambda job: job["assets"].update(other={"uri": "other.png"}))
        self.edit(lambda job: job["tracks"][2]["clips"].append({"asset": "slide", "start": 70, "duration": 5}))
        self.render("--draft", "--keep")
        whole = self.chunks()["rendered"]
        edits = [  # and how many chunks they touch: a cut moves to the scene change that an edit brings near it
            ("a clip's end", lambda job: job["tracks"][2]["clips"][0].update(duration=3), 1),
            ("a slide", lambda job: job["tracks"][2]["clips"][1].update(asset="other"), 1),
            ("a name", lambda job: job["people"][1].update(name="Boris the Second"), 0)]
        for name, change, touched in edits:
            with self.subTest(name):
                self.edit(change)
                self.render("--draft", "--keep", "--overwrite")
                self.assertEqual(self.chunks(), {"rendered": touched, "reused": whole - touched})
        incremental = self.out.read_bytes()
        shutil.rmtree(self.dir / "out.mp4.rostrum")
        self.render("--draft", "--overwrite")
        self.assertEqual(self.chunks(), {"rendered": whole, "reused": 0})
        self.assertTrue(incremental == self.out.read_bytes(), "not the film that a full render makes")

    def test_doctor_finds_what_a_render_needs(self):
        done = run("doctor", "--json")
        self.assertEqual(done.returncode, 0, done.stdout)
        json.loads(done.stdout)


if __name__ == "__main__":
    unittest.main()
