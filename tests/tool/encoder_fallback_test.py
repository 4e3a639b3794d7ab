# SPDX-License-Identifier: LGPL-2.1-or-later
"""Chunks whose encoder fails.  Usage: encoder_fallback_test.py ROSTRUM PLUGIN [--all] [unittest options]

--all tries every cause at the first, a middle and the last chunk; else each once.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import greys
import recording

ROSTRUM, PLUGIN = map(os.path.abspath, (sys.argv.pop(1), sys.argv.pop(1)))
ALL = "--all" in sys.argv
if ALL:
    sys.argv.remove("--all")
CAUSES = {"memory": "out of memory", "device": "the device is lost", "driver": "error 42 of the driver",
          "corrupt": "wrong output", "wrong": "wrong output: frame 7 is not the one that was encoded",
          "hang": "never ends", "crash": "crashes"}


class FilmCase(unittest.TestCase):
    """Renders of one job, with the faulty encoder before all others."""

    @classmethod
    def set_up(cls, folder):
        cls.dir = folder
        cls.job = greys.make(folder)
        cls.plugins = folder / "plugins"  # where workers may read
        cls.plugins.mkdir()
        shutil.copy(PLUGIN, cls.plugins)
        (cls.plugins / "session0").touch()
        cls.env = {**os.environ, "GST_PLUGIN_PATH": str(cls.plugins), "GST_REGISTRY": str(folder / "registry.bin"),
                   "XDG_CACHE_HOME": str(folder / "cache")}
        cls.env.pop("ROSTRUM_ENCODER", None)
        cls.pure = {name: greys.pictures(cls.film("--encoder", name)) for name in ("faulty", "x264")}

    @classmethod
    def profiles(cls, **properties):
        folder = cls.dir / "profiles"
        folder.mkdir(exist_ok=True)
        (folder / "faulty.json").write_text(json.dumps({
            "encoder": "faulty", "element": "faultyh264enc", "codec": "h264", "device": "/dev/null",
            "caps": {"profile": "high"}, "profiles": {"balanced": properties}}))
        return folder

    @classmethod
    def run_tool(cls, *words, check=True, **properties):
        done = subprocess.run([ROSTRUM, *map(str, words), "--profile-dir", str(cls.profiles(**properties))], env=cls.env,
                              capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
        if check:
            assert done.returncode == 0, done.stderr
        return done

    @classmethod
    def render(cls, *words, check=True, **properties):
        return cls.run_tool("render", cls.job, "-o", cls.dir / "out.mp4", "--overwrite",
                            "--progress", "none", *words, check=check, **properties)

    @classmethod
    def film(cls, *words, **properties):
        cls.render(*words, **properties)
        return cls.dir / "out.mp4"

    def report(self):
        return json.loads((self.dir / "out.report.json").read_text())

    def assert_whole(self):
        """All frames, at their times, and each chunk that of the one encoder or of the other; by which, by chunk."""
        frames = greys.pictures(self.dir / "out.mp4")
        self.assertEqual(len(frames), greys.FRAMES)
        self.assertEqual([time for time, _ in frames], [time for time, _ in self.pure["x264"]])
        made_by = []
        for first, end in greys.CHUNKS:
            made_by += [name for name, pure in self.pure.items() if frames[first:end] == pure[first:end]]
        self.assertEqual(len(made_by), 4, f"a chunk is of neither encoder, or of both: {made_by}")
        video = recording.streams(self.dir / "out.mp4")["video"]
        self.assertEqual((video["nb_read_frames"], float(video["duration"])), (str(greys.FRAMES), greys.SECONDS))
        return made_by

    def assert_fell_back(self, chunk, why):
        made_by = self.assert_whole()
        report = self.report()
        self.assertEqual(made_by[chunk], "x264")
        self.assertEqual(report["encoder"], "x264")
        first, end = greys.CHUNKS[chunk]
        [failure] = report["encoder-failures"]
        self.assertEqual((failure["encoder"], failure["instead"], failure["from"], failure["to"]),
                         ("faulty", "x264", first / greys.RATE, end / greys.RATE))
        self.assertIn(why, failure["why"])
        counts = {name: made_by.count(name) for name in set(made_by)}
        self.assertEqual(report.get("encoders", {"x264": 4}), counts)
        self.assertEqual(report["substitutions"], [])


class Faults(FilmCase):
    def fault(self, cause, chunk):
        done = self.render("--verify", "full", "--stall-timeout", 5, fault=cause, frame=7, luma=greys.luma(chunk))
        self.assert_fell_back(chunk, CAUSES[cause])
        self.assertRegex(done.stderr, f"the encoder faulty failed: .*{re.escape(CAUSES[cause])}.*; the chunk from .* "
                                      "are rendered with x264")


def add_fault(cause, chunk):
    setattr(Faults, f"test_{cause}_in_chunk_{chunk}", lambda self: self.fault(cause, chunk))


for number, fault_cause in enumerate(CAUSES):
    for fault_chunk in (0, 2, 3) if ALL else ((0, 2, 3)[number % 3],):
        add_fault(fault_cause, fault_chunk)


class Sessions(FilmCase):
    def test_chunks_wait_for_a_free_session(self):
        self.render("--jobs", 6, sessions=1, **{"session-folder": str(self.plugins)})
        self.assertEqual(self.assert_whole(), ["faulty"] * 4)
        self.assertNotIn("encoder-failures", self.report())
        self.assertEqual(self.report()["encoder-sessions"], {"faulty": 1})

    def test_the_limit_can_be_set(self):
        self.render("--jobs", 6, "--encoder-sessions", 1, sessions=1, **{"session-folder": str(self.plugins)})
        self.assertEqual(self.assert_whole(), ["faulty"] * 4)
        self.assertNotIn("encoder-sessions", self.report())


class Choice(FilmCase):
    def test_auto_takes_the_first_that_really_encodes(self):
        self.render()
        self.assertEqual(self.assert_whole(), ["faulty"] * 4)
        for cause, why in (("busy", "no free session"), ("crash", "it ends its process")):
            with self.subTest(cause):
                done = self.render("--no-cache", fault=cause)
                self.assertEqual(self.assert_whole(), ["x264"] * 4)
                self.assertRegex(done.stderr, f"the encoder faulty does not work: .*{why}.*; the film is rendered with x264")

    def test_an_encoder_that_takes_too_long_is_not_taken(self):
        done = self.render("--no-cache", fault="hang")
        self.assertEqual(self.assert_whole(), ["x264"] * 4)
        self.assertIn("it takes more than 3 s", done.stderr)

    def test_what_came_of_a_trial_is_kept(self):
        self.assertIn("does not work", self.render(fault="device").stderr)
        kept = sorted((self.dir / "cache" / "rostrum" / "encoders").iterdir())
        reasons = [json.loads(path.read_text())["reason"] for path in kept]
        self.assertTrue(any("the device is lost" in reason for reason in reasons), reasons)
        for path in kept:
            path.write_text('{"works": false, "rate": 0, "reason": "kept"}')
        self.assertIn("the encoder x264 does not work: kept", self.render(fault="device").stderr)
        self.assertNotIn("kept", self.render("--no-cache", fault="device").stderr)
        for path in kept:
            path.unlink()

    def test_the_variable_names_the_encoder(self):
        self.env["ROSTRUM_ENCODER"] = "x264"
        self.addCleanup(self.env.pop, "ROSTRUM_ENCODER")
        self.render()
        self.assertEqual(self.assert_whole(), ["x264"] * 4)
        self.render("--encoder", "faulty")
        self.assertEqual(self.assert_whole(), ["faulty"] * 4)

    def test_a_named_encoder_that_fails_ends_the_render(self):
        done = self.render("--encoder", "faulty", check=False, fault="memory", frame=7)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, 'the encoder faulty failed: .*out of memory.*the encoder "auto" would try')


class Profiles(FilmCase):
    def refused(self, *words, status, says, **properties):
        done = self.render(*words, check=False, **properties)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertIn(says, done.stderr)

    def test_what_the_element_has_not_is_an_error_that_names_it(self):
        self.refused(status=3, says='faulty.json:/profiles/balanced/speed: the element faultyh264enc has no property "speed"',
                     speed=1)
        self.refused(status=3, says="/profiles/balanced/fault: the element faultyh264enc's property \"fault\" cannot be late; "
                                    "it takes none, memory", fault="late")
        self.refused(status=3, says='"luma" cannot be 256; it takes -1 to 255', luma=256)

    def test_names_that_are_not_known(self):
        self.refused("--encoder", "nvidia", status=2, says='--encoder: there is no encoder "nvidia"; there are auto, faulty')
        self.refused("--profile", "best", status=2, says='--profile: there is no profile "best"; there are balanced, draft, fast')


def setUpModule():
    box = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(box.cleanup)
    FilmCase.set_up(pathlib.Path(box.name))


if __name__ == "__main__":
    unittest.main()
