# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the doctor says of encoders.  Usage: doctor_test.py ROSTRUM SCHEMA [unittest options]"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

try:
    import jsonschema
except ImportError:
    sys.exit(77)

ROSTRUM, SCHEMA = map(os.path.abspath, (sys.argv.pop(1), sys.argv.pop(1)))


class DoctorTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        box = tempfile.TemporaryDirectory()
        cls.addClassCleanup(box.cleanup)
        cls.dir = pathlib.Path(box.name)
        cls.report = cls.examine()
        cls.encoders = {encoder["name"]: encoder for encoder in cls.report["encoders"]}

    @classmethod
    def doctor(cls, *words):
        return subprocess.run([ROSTRUM, "doctor", *map(str, words)], env={**os.environ, "XDG_CACHE_HOME": str(cls.dir)},
                              capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)

    @classmethod
    def examine(cls, *words):
        return json.loads(cls.doctor("--json", *words).stdout)

    def test_the_report_is_as_its_schema_says(self):
        schema = json.loads(pathlib.Path(SCHEMA).read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.Draft202012Validator(schema).validate(self.report)

    def test_every_encoder_that_there_is_a_profile_for_is_told(self):
        profiles = pathlib.Path(SCHEMA).parent.parent / "profiles"
        self.assertEqual(sorted(self.encoders), sorted(path.stem for path in profiles.glob("*.json")))

    def test_an_encoder_of_the_processor_works(self):
        x264 = self.encoders["x264"]
        self.assertTrue(x264["works"], x264["reason"])
        self.assertIsNone(x264["device"])
        self.assertGreater(x264["frames-per-second"], 1)

    def test_encoders_of_other_codecs_are_tried_too(self):
        for name in ("x265", "vp9", "av1"):
            encoder = self.encoders[name]
            if encoder["installed"]:
                self.assertTrue(encoder["works"], encoder["reason"])

    def test_an_encoder_that_does_not_work_has_a_reason(self):
        for name in ("nvcuda", "nvenc", "qsv", "va", "va-lp"):
            encoder = self.encoders[name]
            self.assertIsInstance(encoder["device"], bool)
            if not encoder["device"]:
                self.assertIn("there is no device /dev/", encoder["reason"])

    def test_what_came_of_it_is_kept(self):
        folder = self.dir / "rostrum" / "encoders"
        for path in folder.iterdir():
            path.write_text('{"works": true, "rate": 7, "reason": ""}')
        speeds = [{e["name"]: e["frames-per-second"] for e in self.examine(*words)["encoders"]} for words in ([], ["--no-cache"])]
        self.assertEqual(speeds[0]["x264"], 7)
        self.assertNotEqual(speeds[1]["x264"], 7)
        for path in folder.iterdir():
            path.unlink()

    def test_the_text_has_a_line_for_each(self):
        lines = self.doctor().stdout.split("encoders, each tried at 1280x720\n")[1].split("\n\n")[0].splitlines()
        self.assertEqual(sorted(line.split()[1] for line in lines), sorted(self.encoders))

    def test_profiles_of_ones_own(self):
        (self.dir / "mine.json").write_text(json.dumps({"encoder": "mine", "element": "x264enc", "codec": "h264", "profiles": {
            "balanced": {"speed-preset": "superfast"}}}))
        mine = {e["name"]: e for e in self.examine("--profile-dir", self.dir)["encoders"]}["mine"]
        self.assertTrue(mine["works"], mine["reason"])
        (self.dir / "mine.json").write_text('{"encoder": "mine"}')
        done = self.doctor("--profile-dir", self.dir)
        self.assertEqual(done.returncode, 3)
        self.assertIn('mine.json: the key "element" is missing', done.stderr)
        (self.dir / "mine.json").unlink()


if __name__ == "__main__":
    unittest.main()
