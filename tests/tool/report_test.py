# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a render tells programs is what docs/report.md and the schemas say.  Usage: report_test.py ROSTRUM [unittest options]"""
import json
import os
import re
import subprocess
import sys
import unittest

import meeting_case
import schemas

ROSTRUM = os.path.abspath(sys.argv.pop(1))
DOCS = schemas.FOLDER.parents[1] / "docs"
SECONDS = 20  # by one worker, so that there is progress to tell of


class ReportTest(meeting_case.MeetingCase):
    def setUp(self):
        super().setUp()
        self.edit(lambda job: job.update(canvas={"size": "320x180", "rate": "25/1"}))

    def run_tool(self, *words, status=0):
        done = subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout

    def render(self, *words, status=0):
        """The lines of the render, each as its schema says."""
        events = [json.loads(line) for line in self.run_tool("render", self.job, "--progress", "json", *words, status=status).splitlines()]
        for event in events:
            schemas.check("progress", event)
        return events

    def report(self, name):
        report = json.loads((self.dir / name).read_text())
        schemas.check("report", report)
        return report

    def test_a_render_with_everything(self):
        (self.dir / "boris.mp4").unlink()
        self.edit(lambda job: job.update(duration=SECONDS, audio={"loudness": -16}, outputs=[
            {"path": "out.mp4", "stems": True}, {"path": "out.mkv"}, {"path": "out.m3u8", "renditions": [{"height": 90}]},
            {"path": "out.vtt"}]))
        *progress, done = self.render("--on-damage", "substitute", "--jobs", "1")
        self.assertEqual({e["event"] for e in progress} - {"progress"}, set())
        for event in progress:  # none where all is made within half a second
            self.assertAlmostEqual(event["total"], 3 * SECONDS)  # picture, sound, and Anna's stem
            self.assertGreater(event["done"], 0.05 * event["speed"])  # seconds: no worker is there sooner
        for earlier, later in zip(progress, progress[1:]):
            self.assertLessEqual(earlier["done"], later["done"])
        report = self.report("out.report.json")
        self.assertEqual(done, {"event": "done", "output": report["output"], "seconds": SECONDS, "bytes": self.out.stat().st_size,
                                "substitutions": 1})
        self.assertEqual((report["duration"], report["bytes"]), (SECONDS, self.out.stat().st_size))
        self.assertEqual([s["asset"] for s in report["substitutions"]], ["boris"])
        for key in ("stems", "films", "streams", "renditions", "thumbnails", "loudness", "people", "encoder", "verify"):
            self.assertTrue(report[key], key)
        for kept in (*report["stems"], *report["renditions"]):
            self.assertEqual(kept["bytes"], (self.dir / kept["path"]).stat().st_size)
            self.assertIsInstance(kept["bytes"], int)

    def test_sound_alone_and_frames_that_are_left_out(self):
        self.assertEqual(self.render("--audio-only", "-o", self.dir / "a.flac")[-1]["event"], "done")
        self.assertNotIn("encoder", self.report("a.report.json"))
        self.edit(lambda job: job.update(duration=12, tracks=job["tracks"][2:]))
        self.edit(lambda job: job["tracks"][0]["clips"][0].update(start=0, duration=12))
        self.render("--rate", "variable", "--verify", "off", "-o", self.out)
        report = self.report("out.report.json")
        self.assertGreater(report["picture"]["held-frames"], 0)
        self.assertNotIn("verify", report)

    def test_what_verify_prints(self):
        self.render("--verify", "off", "-o", self.out)
        for words in ((), ("--quick",), ("--job", self.job)):
            schemas.check("verify", json.loads(self.run_tool("verify", self.out, "--json", *words)))

    def test_the_last_line_says_the_kind_of_an_error(self):
        self.edit(lambda job: job.update(colour=1))
        [error] = self.render(status=3)
        self.assertEqual((error["event"], error["kind"]), ("error", "manifest"))
        self.assertIn("job.json:/colour", error["message"])

    def test_the_documentation_names_every_key(self):
        text = "".join((DOCS / f"{page}.md").read_text() for page in ("report", "verify", "robustness", "sound"))
        named = set(re.findall(r"[\w-]+", " ".join(re.findall(r"`([^`\n]+)`", text))))
        for schema in ("progress", "report", "verify"):
            self.assertEqual(schemas.keys(schemas.load(schema)) - named, set(), schema)


if __name__ == "__main__":
    unittest.main()
