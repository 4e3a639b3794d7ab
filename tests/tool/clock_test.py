# SPDX-License-Identifier: LGPL-2.1-or-later
"""The wall clock jumps while a film is rendered.  Usage: clock_test.py ROSTRUM JUMPING_CLOCK [unittest options]"""
import os
import subprocess
import sys
import tempfile
import unittest

import long_meeting
import recording

ROSTRUM, JUMPING_CLOCK = sys.argv.pop(1), sys.argv.pop(1)


def render(render, **environment):
    return subprocess.run(render.command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120)


class ClockTest(unittest.TestCase):
    def test_the_clock_that_the_test_makes_jump_jumps(self):
        script = "import time; a = time.time(); time.sleep(0.1); print(abs(time.time() - a) > 80000)"
        done = subprocess.run([sys.executable, "-c", script], env={**os.environ, "LD_PRELOAD": JUMPING_CLOCK},
                              capture_output=True, text=True)
        self.assertEqual(done.stdout.strip(), "True", done.stderr)

    def test_a_jumping_wall_clock_changes_nothing(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        job = long_meeting.make(folder)
        films = []
        for environment in ({}, {"LD_PRELOAD": JUMPING_CLOCK}):
            # a wait that went by the wall clock would end at once, or be taken for a stall
            with long_meeting.Render(ROSTRUM, job, "--stall-timeout", 20) as made:
                done = render(made, **environment)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(made.report()["substitutions"], [])
                self.assertTrue(all(0 <= t < 60 for t in made.report()["timings"].values()), made.report())
                films.append(recording.frame_hashes(made.out))
        self.assertEqual(films[0], films[1])


if __name__ == "__main__":
    unittest.main()
