# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a film sounds like, and what the report says of it.  Usage: sound_test.py ROSTRUM [unittest options]

The witnesses are numpy, on what ffmpeg decodes, and ffmpeg's ebur128.
"""
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest

import numpy as np

ROSTRUM = sys.argv.pop(1)
RATE = 48000


def times(seconds):
    return np.arange(round(seconds * RATE)) / RATE


def tone(hertz, seconds, level):
    return 10 ** (level / 20) * np.sin(2 * np.pi * hertz * times(seconds))


def words(hertz, seconds, level, talk):
    """A tone in words of 0.4 s with pauses of 0.1 s, from talk[0] to talk[1]."""
    t = times(seconds)
    spoken = (t >= talk[0]) & (t < talk[1]) & ((t - talk[0]) % 0.5 < 0.4)
    return tone(hertz, seconds, level) * spoken


def wave(path, sound):
    """Of one channel, or of as many as the sound has columns."""
    data = np.asarray(sound, "<f4").tobytes()
    count = 1 if np.ndim(sound) == 1 else np.shape(sound)[1]
    path.write_bytes(struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 3, count, RATE,
                                 4 * count * RATE, 4 * count, 32, b"data", len(data)) + data)


def decoded(film):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", film, "-vn", "-ac", "2", "-ar", str(RATE), "-f", "f32le", "-"],
                         check=True, capture_output=True).stdout
    return np.frombuffer(raw, "<f4").reshape(-1, 2)[:, 0].astype(float)


def amplitude(sound, hertz, first, last):
    """Of a tone between two moments, in dB."""
    t = np.arange(round(first * RATE), round(last * RATE))
    part = sound[t[0]:t[-1] + 1] * np.exp(-2j * np.pi * hertz * t / RATE)
    return 20 * np.log10(2 * abs(part.mean()) + 1e-12)


def ebur128(film):
    said = subprocess.run(["ffmpeg", "-nostats", "-i", film, "-filter_complex", "ebur128=peak=sample", "-f", "null", "-"],
                          check=True, capture_output=True, text=True).stderr
    said = said[said.rindex("Summary:"):]
    return {"integrated": float(re.search(r"I:\s+(\S+) LUFS", said)[1]),
            "range": float(re.search(r"LRA:\s+(\S+) LU", said)[1]),
            "peak": float(re.search(r"Peak:\s+(\S+) dBFS", said)[1])}


class SoundCase(unittest.TestCase):
    def setUp(self):
        box = tempfile.TemporaryDirectory()
        self.addCleanup(box.cleanup)
        self.dir = pathlib.Path(box.name).resolve()
        self.job = {"rostrum": 1, "canvas": {"size": "160x90", "rate": "5/1"}, "people": [], "assets": {}, "tracks": []}

    def add(self, name, sound, kind="microphone", **keys):
        """A track of one clip; of a microphone with a person of the same name."""
        wave(self.dir / f"{name}.wav", sound)
        self.job["assets"][name] = {"uri": f"{name}.wav"}
        track = {"id": name, "kind": kind, "clips": [{"asset": name, "start": 0}], **keys}
        if kind == "microphone":
            self.job["people"].append({"id": name})
            track["person"] = name
        self.job["tracks"].append(track)
        return track

    def run_tool(self, *words, env=None):
        return subprocess.run([ROSTRUM, *words], capture_output=True, text=True, timeout=120,
                              env={**os.environ, "XDG_CACHE_HOME": str(self.dir / "cache"), **(env or {})})

    def render(self, code=0, env=None, **audio):
        self.job["audio"] = audio
        path, film = self.dir / "job.json", self.dir / "film.mp4"
        path.write_text(json.dumps(self.job))
        done = self.run_tool("render", path, "-o", film, "--overwrite", "--verify", "off", env=env)
        self.assertEqual(done.returncode, code, done.stderr)
        self.said = done.stderr
        if code == 0:
            self.report = json.loads((self.dir / "film.report.json").read_text())
        return film


class Ducking(SoundCase):
    def test_music_goes_down_and_comes_back_and_voices_stay(self):
        voice = words(1000, 18, -20, (4, 10))
        self.add("voice", voice)
        alone = decoded(self.render())
        self.add("music", tone(300, 18, -20), "audio", duck=True)
        both = decoded(self.render(duck=-12))
        self.assertAlmostEqual(amplitude(both, 1000, 4.5, 9.5), amplitude(alone, 1000, 4.5, 9.5), delta=0.1)

        def music(first, last):
            return amplitude(both, 300, first, last) + 20

        for first, last in ((1, 3), (3.5, 3.65), (12.2, 12.35), (13, 17)):
            self.assertAlmostEqual(music(first, last), 0, delta=0.1, msg=(first, last))
        for first, last in ((3.96, 4.01), (4.5, 9.5), (10, 10.6)):
            self.assertAlmostEqual(music(first, last), -12, delta=0.15, msg=(first, last))
        half = 20 * np.log10((1 + 10 ** (-12 / 20)) / 2)  # half way of a straight line
        self.assertAlmostEqual(music(3.8, 3.85), half, delta=1)
        self.assertAlmostEqual(music(11.3, 11.4), half, delta=1)


class Range(SoundCase):
    def programme(self):
        passages = [words(500, 20, level, (0.5, 19.5)) for level in (-14, -30, -18, -34)]
        return np.concatenate(passages)

    def test_comes_down_to_what_is_wanted_and_the_loudness_is_kept(self):
        self.add("voice", self.programme())
        wide = ebur128(self.render())
        self.assertGreater(wide["range"], 14)
        self.assertNotIn("loudness", self.report)
        for most in (9, 6):
            narrow = ebur128(self.render(range=most, loudness=-18))
            self.assertLessEqual(narrow["range"], most + 1)
            self.assertGreater(narrow["range"], most - 3)
            self.assertAlmostEqual(narrow["integrated"], -18, delta=0.5)
            self.assertAlmostEqual(self.report["loudness"]["range"], narrow["range"], delta=0.3)

    def test_does_not_turn_up_what_is_no_programme(self):
        hiss = 10 ** (-62 / 20) * np.random.default_rng(1).standard_normal(20 * RATE)
        self.add("voice", np.concatenate([self.programme(), hiss]))
        plain = decoded(self.render())
        ridden = decoded(self.render(range=8))
        quiet = slice(85 * RATE, 98 * RATE)
        self.assertAlmostEqual(20 * np.log10(ridden[quiet].std() / plain[quiet].std()), 0, delta=0.5)


class OneChannel(SoundCase):
    """BS.1770 counts one channel once, as ffmpeg's ebur128 does of the finished file."""

    def check(self, target=-23):
        film = self.render(channels=1, loudness=target)
        measured = ebur128(film)
        self.assertAlmostEqual(measured["integrated"], target, delta=0.5)
        self.assertAlmostEqual(self.report["loudness"]["integrated"], measured["integrated"], delta=0.1)
        self.assertAlmostEqual(self.report["people"][0]["integrated"], target, delta=0.5)

    def test_of_sides_that_differ_is_as_loud_as_wanted(self):
        self.add("voice", np.stack([words(1000, 8, -20, (0.5, 7.5)), words(700, 8, -20, (0.5, 7.5))], axis=1))
        self.check()

    def test_of_a_voice_with_a_pan_is_as_loud_as_wanted(self):
        self.add("voice", words(1000, 8, -20, (0.5, 7.5)), pan=1)
        self.check()


class People(SoundCase):
    def test_are_measured_with_all_gains(self):
        self.add("anna", words(1000, 20, -26, (2, 12)), gain=3)
        self.add("boris", words(700, 20, -50, (14, 14.6)))
        film = self.render(loudness=-18)
        measured = ebur128(film)
        anna, boris = self.report["people"]
        self.assertEqual((anna["id"], boris["id"]), ("anna", "boris"))
        self.assertAlmostEqual(anna["integrated"], measured["integrated"], delta=0.3)
        self.assertAlmostEqual(anna["peak"], measured["peak"], delta=0.5)
        self.assertAlmostEqual(anna["talk"], 10, delta=0.3)
        self.assertAlmostEqual(boris["peak"], anna["peak"] - 27, delta=0.5)

    def test_have_no_figures_that_were_not_measured(self):
        self.add("anna", words(1000, 6, -26, (2, 4)))
        self.render()
        self.assertEqual(self.report["people"], [{"id": "anna", "name": "anna"}])
        self.job["tracks"][0]["gate"] = -6
        self.render()
        self.assertEqual(set(self.report["people"][0]), {"id", "name", "talk"})


class Noise(SoundCase):
    def test_a_gate_turns_the_room_down_and_no_word(self):
        hiss = 10 ** (-55 / 20) * np.random.default_rng(1).standard_normal(14 * RATE)
        self.add("voice", words(1000, 14, -20, (4, 8)) + hiss)
        plain, gated = decoded(self.render()), decoded(self.render(gate=-12))
        self.assertAlmostEqual(amplitude(gated, 1000, 4, 8), amplitude(plain, 1000, 4, 8), delta=0.05)
        for first, last, change in ((1, 3.5, -12), (9.5, 13, -12), (4, 8.4, 0)):
            part = slice(round(first * RATE), round(last * RATE))
            self.assertAlmostEqual(20 * np.log10(gated[part].std() / plain[part].std()), change, delta=0.5)

    def test_a_suppressor_that_is_not_installed_ends_the_render(self):
        self.add("voice", tone(1000, 2, -20))
        folder = self.dir / "plugins"
        folder.mkdir()
        found = subprocess.run(["gst-inspect-1.0", "webrtcdsp"], capture_output=True, text=True, check=True).stdout
        plugin = pathlib.Path(re.search(r"Filename\s+(\S+)", found)[1])
        for library in plugin.parent.glob("*.so"):
            if library != plugin:
                (folder / library.name).symlink_to(library)
        self.render(code=4, env={"GST_PLUGIN_SYSTEM_PATH_1_0": str(folder), "GST_REGISTRY": str(self.dir / "registry")},
                    **{"noise-suppression": "low"})
        self.assertRegex(self.said, 'track "voice": noise-suppression: .*webrtcdsp.*gstreamer1.0-plugins-bad')
        self.assertFalse((self.dir / "film.mp4").exists())

    def test_the_loudness_of_a_film_is_that_behind_the_high_pass(self):
        self.add("voice", words(1000, 8, -34, (0.5, 7.5)) + tone(45, 8, -10))
        film = self.render(**{"high-pass": 150, "loudness": -20})
        self.assertAlmostEqual(ebur128(film)["integrated"], -20, delta=0.5)

    def test_a_film_is_filtered(self):
        hum = tone(50, 8, -20)
        self.add("voice", words(1000, 8, -20, (2, 7)) + hum, **{"high-pass": 100})
        film = decoded(self.render(**{"noise-suppression": "moderate"}))
        self.assertLess(amplitude(film, 50, 3, 7), -20 - 11)
        self.assertGreater(amplitude(film, 1000, 3, 7), -20 - 5)


class Silence(SoundCase):
    SECONDS = 66

    def silence(self, name, **keys):
        return self.add(name, np.zeros(self.SECONDS * RATE), **keys)

    def test_an_alternative_that_sounds_takes_the_place_of_a_silent_medium(self):
        self.silence("dead")
        wave(self.dir / "dead2.wav", np.zeros(RATE * self.SECONDS))
        wave(self.dir / "alive.wav", words(600, self.SECONDS + 2, -20, (50, 60)))
        self.job["assets"]["dead"]["alternatives"] = ["dead2.wav", "nowhere.wav", "alive.wav"]
        film = decoded(self.render())
        self.assertGreater(amplitude(film, 600, 51, 59), -30)
        self.assertEqual(self.report["alternatives"],
                         [{"asset": "dead", "used": str(self.dir / "alive.wav"), "instead-of": str(self.dir / "dead.wav"),
                           "why": "its sound is digital silence"}])
        self.assertEqual(self.report["silent"], [])
        self.assertRegex(self.said, 'asset "dead": \\S+alive.wav is used instead of \\S+dead.wav: its sound is digital')
        verified = self.run_tool("verify", "--quick", self.dir / "film.mp4", "--job", self.dir / "job.json")
        self.assertEqual(verified.returncode, 0, verified.stdout)
        self.assertIn(f"the duration is {self.SECONDS + 2} s", verified.stdout)
        for name in ("dead.wav", "dead2.wav", "alive.wav", "job.json"):
            os.link(self.dir / name, self.dir / f"{name}.mp4")  # a film's name of the same file
            before = (self.dir / name).stat()
            refused = self.run_tool("render", self.dir / "job.json", "-o", self.dir / f"{name}.mp4", "--overwrite")
            self.assertEqual(refused.returncode, 2, refused.stderr)
            self.assertIn(f"{name}.mp4: is read by this job", refused.stderr)
            self.assertEqual((self.dir / name).stat().st_mtime_ns, before.st_mtime_ns)

    def test_what_a_longer_alternative_brings_in_is_measured_too(self):
        """Music that is quiet at first, and is heard for longer when the silent medium gives way to a longer one."""
        self.silence("dead")
        wave(self.dir / "alive.wav", words(600, 130, -50, (50, 60)))
        self.job["assets"]["dead"]["alternatives"] = ["alive.wav"]
        music = self.add("music", np.concatenate([tone(700, 8, -50), tone(700, 60, -8)]), kind="audio")
        music["clips"][0].update(start=60, loop=True)
        self.assertAlmostEqual(ebur128(self.render(loudness=-23))["integrated"], -23, delta=0.5)

    def test_what_is_not_heard_counts_whatever_was_measured(self):
        """The clip plays only the silence of a medium that sounds later."""
        late = np.concatenate([np.zeros(80 * RATE), tone(500, 10, -20)])
        self.add("late", late)["clips"][0]["duration"] = 70
        wave(self.dir / "other.wav", tone(600, 70, -20))
        self.job["assets"]["late"]["alternatives"] = ["other.wav"]
        self.add("talker", words(500, 70, -20, (3, 50)))
        for audio in ({"loudness": -23}, {}, {"loudness": -23}):
            self.render(**audio)
            self.assertEqual(self.report["alternatives"], [], audio)

    def test_a_silent_medium_without_another_is_reported(self):
        track = self.silence("dead")
        track["clips"][0].update(start=1, muted=[[10, 12]])
        self.render()
        self.assertEqual(self.report["silent"], [{"asset": "dead", "clip": "/tracks/0/clips/0",
                                                  "expected": [[1, 10], [12, 1 + self.SECONDS]]}])
        self.assertRegex(self.said, '/tracks/0/clips/0: asset "dead": expected sound, found digital silence from '
                                    '0:00:01.000 to 0:00:10.000, 0:00:12.000')
        self.assertIn("1 clip is silent where sound was expected", self.said)

    def test_nobody_is_accused_who_was_muted_or_said_nothing(self):
        self.silence("muted")["clips"][0]["muted"] = [[0, self.SECONDS]]
        self.add("talker", words(500, self.SECONDS, -20, (3, 5)))
        self.render()
        self.assertEqual((self.report["silent"], self.report["alternatives"]), ([], []))
        self.silence("listener")
        self.render()
        self.assertEqual([s["asset"] for s in self.report["silent"]], ["listener"], "there is no log yet")
        self.job["people"][1]["talking"] = [[3, 5]]
        self.render()
        self.assertEqual((self.report["silent"], self.report["alternatives"]), ([], []))

    def test_one_short_sound_is_found(self):
        faint = np.zeros(self.SECONDS * RATE)
        faint[round(40.3 * RATE):round(40.5 * RATE)] = tone(500, 0.2, -70)
        self.add("faint", faint)
        self.render()
        self.assertEqual(self.report["silent"], [])

    def test_a_camera_without_sound_takes_an_alternative_that_has_it(self):
        picture = "testsrc=size=160x90:rate=5:duration=" + str(self.SECONDS)
        sound = "sine=frequency=600:duration=" + str(self.SECONDS)
        for name, more in (("mute.mp4", []), ("heard.mp4", ["-f", "lavfi", "-i", sound, "-c:a", "aac"])):
            subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", picture, *more, "-c:v", "libx264", "-preset",
                            "ultrafast", self.dir / name], check=True)
        wave(self.dir / "picture-less.wav", tone(600, self.SECONDS, -20))
        self.job["assets"]["camera"] = {"uri": "mute.mp4", "alternatives": ["picture-less.wav", "heard.mp4"]}
        self.job["tracks"].append({"id": "camera", "kind": "camera", "clips": [{"asset": "camera", "start": 0}]})
        film = decoded(self.render())
        self.assertEqual([(a["asset"], pathlib.Path(a["used"]).name, a["why"]) for a in self.report["alternatives"]],
                         [("camera", "heard.mp4", "it has no sound")])
        self.assertGreater(amplitude(film, 600, 10, 60), -30)


if __name__ == "__main__":
    unittest.main()
