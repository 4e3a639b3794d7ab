# SPDX-License-Identifier: LGPL-2.1-or-later
"""A render whose video encoder fails.  Usage: encoder_test.py ROSTRUM BROKEN_X264 [unittest options]"""
import os
import subprocess
import sys
import tempfile
import unittest

import long_meeting
import recording

ROSTRUM, BROKEN_X264 = sys.argv.pop(1), sys.argv.pop(1)


class EncoderTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = tempfile.TemporaryDirectory()
        cls.job = long_meeting.make(cls.made.name)

    @classmethod
    def tearDownClass(cls):
        cls.made.cleanup()

    def render(self, *words, broken=True):
        render = self.enterContext(long_meeting.Render(ROSTRUM, self.job, *words))
        preload = {"LD_PRELOAD": BROKEN_X264} if broken else {}
        env = {**os.environ, "XDG_CACHE_HOME": self.made.name, **preload}
        done = subprocess.run(render.command, env=env, capture_output=True, text=True, timeout=120)
        return render, done

    def assert_made_by_openh264(self, render, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(render.report()["encoder"], "openh264")
        video = recording.streams(render.out)["video"]
        self.assertEqual((video["profile"], video["color_space"]), ("High", "bt709"))
        self.assertEqual(video["nb_read_frames"], str(25 * long_meeting.SECONDS))

    def test_openh264_renders_a_film_of_several_chunks(self):
        self.assert_made_by_openh264(*self.render("--encoder", "openh264", broken=False))

    def test_auto_goes_on_with_the_next_encoder_when_one_fails(self):
        self.render(broken=False)  # from which it is known that x264 works
        render, done = self.render()
        self.assert_made_by_openh264(render, done)
        self.assertRegex(done.stderr, "the encoder x264 failed: .*; the chunk from .* and all that are left are rendered "
                                      "with openh264")
        report = render.report()
        self.assertEqual({(f["encoder"], f["instead"]) for f in report["encoder-failures"]}, {("x264", "openh264")})
        self.assertEqual(report["substitutions"], [])
        self.assertEqual(render.files(), ["out.mp4", "out.report.json"])

    def test_auto_does_not_take_an_encoder_that_fails_when_it_is_tried(self):
        render, done = self.render("--no-cache")
        self.assert_made_by_openh264(render, done)
        self.assertRegex(done.stderr, "the encoder x264 does not work: .*; the film is rendered with openh264")
        self.assertNotIn("encoder-failures", render.report())

    def test_a_named_encoder_that_fails_ends_the_render(self):
        render, done = self.render("--encoder", "x264")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, 'the encoder x264 failed: .*; the encoder "auto" would try')
        self.assertFalse(render.out.exists())


if __name__ == "__main__":
    unittest.main()
