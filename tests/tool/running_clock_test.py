# SPDX-License-Identifier: LGPL-2.1-or-later
"""Films of media whose sound runs off, and of long ones.  Usage: running_clock_test.py ROSTRUM [--long] [unittest options]
--long: an hour and three hours, instead of minutes."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy

ROSTRUM = sys.argv.pop(1)
LONG = "--long" in sys.argv
if LONG:
    sys.argv.remove("--long")

RATE = 16000  # of the media
FPS = 5
EVERY = 10  # s, from one flash with a beep to the next
PACE = 1.004
SIDE = 64


def run(*words):
    return subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, timeout=1800,
                          stdin=subprocess.DEVNULL)


def ffmpeg(*words, data=None):
    return subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, words)], check=True, capture_output=True,
                          input=data).stdout


def add_beep(sound, middle, pace, rate):
    """100 ms of a tone whose middle is heard at that time."""
    index = numpy.arange(int((middle - 0.05) * rate * pace), int((middle + 0.05) * rate * pace) + 1)
    off = index / rate / pace - middle
    tone = 0.5 * numpy.cos(numpy.pi * off / 0.1) ** 2 * numpy.sin(2 * numpy.pi * 800 * off)
    sound[index[index < len(sound)]] = tone[index < len(sound)] * 32767


def middle_of_beep(sound, around, rate):
    """Of decoded sound; `around`: a time, in seconds."""
    first = int((around - 0.5) * rate)
    power = sound[first:first + rate].astype(float) ** 2
    if power.sum() == 0:
        return None
    return (first + (power * numpy.arange(len(power))).sum() / power.sum()) / rate


def film(path, seconds, pace, wall_clock=False):
    """A flash every ten seconds with the middle of a beep; `wall_clock`: the container's times are right."""
    sound = numpy.zeros(int(seconds * RATE * pace), numpy.int16)
    for middle in range(EVERY, seconds, EVERY):
        add_beep(sound, middle, pace, RATE)
    frames = numpy.full((seconds * FPS, 1), 16, numpy.uint8)
    frames[EVERY * FPS::EVERY * FPS] = 235
    with tempfile.NamedTemporaryFile(suffix=".raw") as raw:
        raw.write(sound.tobytes())
        raw.flush()
        # a coding without a delay, which would move the picture off the film's frames
        coding = ["-c:a", "flac", "-bsf:a", f"setts=ts=TS/{pace}"] if wall_clock else ["-c:a", "aac", "-b:a", "64k"]
        ffmpeg("-f", "rawvideo", "-pix_fmt", "gray", "-s", "1x1", "-r", FPS, "-i", "-",
               "-f", "s16le", "-ar", RATE, "-ac", 1, "-i", raw.name, "-vf", f"scale={SIDE}:{SIDE}",
               "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", *coding, path,
               data=frames.tobytes())


def job_of(folder, medium, canvas, **asset):
    path = folder / "job.json"
    path.write_text(json.dumps({
        "rostrum": 1, "canvas": canvas, "layout": {"policy": "single"},
        "assets": {"talk": {"uri": medium, **asset}},
        "tracks": [{"id": "talk", "kind": "camera", "clips": [{"asset": "talk", "start": 0}]}]}))
    return path


def decoded_sound(path, rate=48000):
    return numpy.frombuffer(ffmpeg("-i", path, "-vn", "-ac", 1, "-ar", rate, "-f", "f32le", "-"), numpy.float32)


class RunningClockTest(unittest.TestCase):
    def setUp(self):
        box = tempfile.TemporaryDirectory()
        self.addCleanup(box.cleanup)
        self.dir = pathlib.Path(box.name).resolve()
        self.out = self.dir / "out.mp4"

    def render(self, job):
        done = run("render", job, "-o", self.out, "--progress", "none")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def worst(self):
        """Greatest distance in the film of a beep from its flash, in ms."""
        pictures = numpy.frombuffer(ffmpeg("-i", self.out, "-an", "-vf", "scale=1:1", "-pix_fmt", "gray", "-f",
                                           "rawvideo", "-"), numpy.uint8)
        flashes = numpy.flatnonzero(pictures > 128) / FPS
        sound = decoded_sound(self.out)
        self.assertGreater(len(flashes), 20)
        off = [middle_of_beep(sound, flash, 48000) - flash for flash in flashes]
        return 1000 * max(map(abs, off))

    def check(self, name, wall_clock):
        film(self.dir / name, 3600 if LONG else 330, PACE, wall_clock)
        canvas = {"size": f"{SIDE}x{SIDE}", "rate": f"{FPS}/1"}
        job = job_of(self.dir, name, canvas)
        listed = run("plan", "--assets", job).stdout
        self.assertIn("clock off by +0.4", listed)
        done = self.render(job)
        self.assertIn("/assets/talk: the clock of its sound runs off by +0.4", done.stderr)
        self.assertIn('"own"', json.loads((self.dir / "out.report.json").read_text())["warnings"][0])
        worst = self.worst()
        print(f"{name}: worst {worst:.2f} ms; {listed.strip()}", file=sys.stderr)
        self.assertLess(worst, 20)
        return canvas

    def test_sound_that_lasts_too_long_keeps_with_its_picture(self):
        canvas = self.check("counted.mp4", False)
        if LONG:
            return
        done = run("plan", job_of(self.dir, "counted.mp4", canvas, clock="own"))
        self.assertNotIn("clock", done.stderr)

    def test_sound_with_the_recorders_times_keeps_with_its_picture(self):
        self.check("timed.mkv", True)

    def test_a_long_film_has_every_sample_in_its_place(self):
        seconds, rate = (3 * 3600 if LONG else 600), 44100
        sound = numpy.zeros(seconds * rate, numpy.int16)
        moments = [1, seconds // 3, seconds // 2, seconds - 2]
        for moment in moments:
            add_beep(sound, moment, 1, rate)
        raw = self.dir / "talk.raw"
        sound.tofile(raw)
        del sound
        ffmpeg("-f", "s16le", "-ar", rate, "-ac", 1, "-i", raw, "-compression_level", 0, self.dir / "talk.flac")
        self.render(job_of(self.dir, "talk.flac", {"size": "16x16", "rate": "1/1"}))
        heard = decoded_sound(self.out)
        self.assertEqual(len(heard), seconds * 48000)
        off = [48000 * (middle_of_beep(heard, moment, 48000) - moment) for moment in moments]
        print("samples off: " + " ".join(f"{o:+.3f}" for o in off), file=sys.stderr)
        self.assertLessEqual(max(map(abs, off)), 1)


if __name__ == "__main__":
    unittest.main()
