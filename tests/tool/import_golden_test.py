# SPDX-License-Identifier: LGPL-2.1-or-later
"""Small logs and the jobs that they become: import_golden_test.py ROSTRUM [--update] [unittest options]
Each folder of tests/data/import holds a recording and the job.golden that was looked at; --update writes them."""
import difflib
import os
import pathlib
import subprocess
import sys
import unittest

ROSTRUM = os.path.abspath(sys.argv.pop(1))
UPDATE = sys.argv[1:2] == ["--update"] and sys.argv.pop(1)
FOLDER = pathlib.Path(__file__).resolve().parents[1] / "data/import"
GOLDEN = "job.golden"


def imported(recording):
    """The job, then what is said of it."""
    source = next(iter(recording.glob("*.otio")), recording)
    done = subprocess.run([ROSTRUM, "import", recording.name.split("-")[0], source.relative_to(FOLDER)], cwd=FOLDER,
                          capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


class GoldenTest(unittest.TestCase):
    def test_each_log_becomes_the_job_that_it_was(self):
        recordings = [folder for folder in sorted(FOLDER.iterdir()) if folder.is_dir()]
        self.assertGreater(len(recordings), 5)
        for recording in recordings:
            with self.subTest(recording.name):
                job = imported(recording)
                golden = recording / GOLDEN
                if UPDATE:
                    golden.write_text(job)
                difference = difflib.unified_diff(golden.read_text().splitlines(), job.splitlines(), "golden", "imported", lineterm="")
                self.assertEqual("\n".join(difference), "")


if __name__ == "__main__":
    unittest.main()
