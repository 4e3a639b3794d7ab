#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each awkward medium as a camera between good clips: damage_sweep.py SOURCE_ROOT TOOL [--only NAME] [--table]

Whatever the medium does, the render ends well and soon, and the good clips stand at their exact frames. What of the
medium ffmpeg decodes is seen and heard at the same times. docs/robustness.md says for each file what becomes of it.
"""
import argparse
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np

import reference
import shared

RATE = 25
CANVAS = (640, 360)
LONGEST = 30  # seconds of wall time for one render
GOOD = 1  # seconds of a good clip
FROM_START, FROM_INSIDE = 4, 3  # seconds of the medium from its beginning, and from its middle
DEEPEST = 20  # seconds: the latest in-point
QUIETER = 12  # dB: loud media are not to meet the limiter
NEAR = 0.06  # seconds around an end that are not looked at
LIKE = 8  # of 255: error of a picture that was coded once more
BLACK = np.array([16, 128, 128])[:, None, None]


# --- the job ---------------------------------------------------------------------------------------------

class Good:
    """A clip whose frames say their number, read by marks.py."""

    def __init__(self, folder, marks):
        self.marks = marks
        self.path = folder / "good.mp4"
        painter = marks.Painter(1, *CANVAS, 200)
        frames = b"".join(painter.draw(n) for n in range(4 * GOOD * RATE))
        reference.ffmpeg("-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{CANVAS[0]}x{CANVAS[1]}", "-r", RATE, "-i",
                         "pipe:0", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000", "-shortest", "-c:v",
                         "libx264", "-g", "25", "-c:a", "aac", "-y", self.path, input=frames, check=True)

    def numbers(self, film):
        """Of each frame of the film the good clip's number; -1 for another picture."""
        done = reference.ffmpeg("-i", film, "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt",
                                "gray", "-")
        luma = np.frombuffer(done.stdout, np.uint8).reshape(-1, CANVAS[1], CANVAS[0])
        codes = [self.marks.read_code(picture, self.marks.code_rect(*CANVAS)) for picture in luma]
        return [code[1] if code and code[0] == 1 else -1 for code in codes]


def clips_of(inside):
    """[(asset, start, in, duration)]; `inside`: the in-point of the second piece of the medium."""
    clips, at = [], 0
    for number, (start, length) in enumerate([(0, FROM_START), (inside, FROM_INSIDE)]):
        clips += [("good", at, number * GOOD, GOOD), ("medium", at + GOOD, start, length)]
        at += GOOD + length
    return clips + [("good", at, 2 * GOOD, GOOD)]


def write_job(folder, good, medium, clips):
    job = {"rostrum": 1, "duration": clips[-1][1] + GOOD, "canvas": {"size": "%dx%d" % CANVAS, "rate": f"{RATE}/1"},
           "people": [{"id": "anna", "name": "Anna", "role": "presenter"}],
           "assets": {"good": {"uri": str(good)}, "medium": {"uri": medium.as_uri()}},
           "tracks": [{"id": "anna", "kind": "camera", "person": "anna", "gain": -QUIETER,
                       "clips": [dict(zip(("asset", "start", "in", "duration"), c)) for c in clips]}],
           "layout": {"policy": "single"}}
    (folder / "job.json").write_text(json.dumps(job))


# --- what is wrong with the film --------------------------------------------------------------------------

def good_frames_wrong(numbers, clips):
    due = []
    for asset, _, begin, length in clips:
        first = round(begin * RATE)
        due += [first + n if asset == "good" else -1 for n in range(length * RATE)]
    if len(numbers) != len(due):
        return f"{len(numbers)} frames instead of {len(due)}"
    wrong = [(n, a, b) for n, (a, b) in enumerate(zip(numbers, due)) if a != b]
    return f"the good clip is not where it belongs: (frame, seen, due) {wrong[:5]}" if wrong else None


class PictureCheck:
    """Each frame of the film beside the one that ffmpeg decodes for its time."""

    def __init__(self, medium):
        self.medium = medium
        self.errors, self.mistimed, self.dark, self.bright = [], [], [], []

    def look(self, shown, t):
        """At a frame of the film, in the medium's time."""
        pictures = self.medium.pictures
        t += self.medium.zero
        n = pictures.at(t)
        is_black = reference.error(shown, np.broadcast_to(BLACK, shown.shape)) < 3
        following = pictures.times[n + 1] if 0 <= n < len(pictures.times) - 1 else pictures.end
        in_hole = 0 <= n < len(pictures.times) - 1 and following - pictures.times[n] > 1.9
        if n < 0 or (n == len(pictures.times) - 1 and t >= pictures.end + NEAR and self.medium.whole):
            if not is_black and t < pictures.times[0] - NEAR or t >= pictures.end + NEAR and not is_black:
                self.bright.append(round(t - self.medium.zero, 3))
            return
        if n == len(pictures.times) - 1 and t > pictures.end - NEAR or in_hole:
            return
        self.compare(shown, n, t)

    def compare(self, shown, n, t):
        pictures = self.medium.pictures
        wrong = reference.error(shown, pictures.thumbs[n])
        around = range(max(0, n - 3), min(len(pictures.times), n + 4))
        best = min(around, key=lambda k: reference.error(shown, pictures.thumbs[k]))
        better = reference.error(shown, pictures.thumbs[best])
        # a frame that begins just here or ended just now is right, too
        near = abs(pictures.times[max(n, best)] - t) < 2e-3
        if best != n and better < wrong - reference.FLAT and not near:
            self.mistimed.append((round(t - self.medium.zero, 3), best - n))
        self.errors.append(better if near else wrong)

    def verdict(self):
        found = []
        if self.bright:
            found.append(f"a picture where there is none: {self.bright[:5]} ({len(self.bright)})")
        if len(self.mistimed) > len(self.errors) / 100:
            found.append(f"another frame: (time, by) {self.mistimed[:5]} ({len(self.mistimed)} of {len(self.errors)})")
        if self.errors and np.percentile(self.errors, 90) > LIKE:
            found.append(f"other pictures: rms {np.percentile(self.errors, 90):.1f} of 255")
        return found


def picture_wrong(film, medium, clips):
    if not len(medium.pictures.times):
        return []
    thumbs = reference.film_thumbs(film, reference.picture_rect(medium.size, CANVAS))
    check = PictureCheck(medium)
    for asset, start, begin, length in clips:
        for n in range(start * RATE, (start + length) * RATE) if asset == "medium" else ():
            check.look(thumbs[n], n / RATE - start + begin)
    return check.verdict()


def envelope(samples):
    block = reference.RATE // 50
    return np.sqrt((samples[:len(samples) // block * block].reshape(-1, block) ** 2).mean(axis=1))


def lag_of(one, other):
    """By how many samples `one` is late, at most 0.2 s."""
    size = 1 << (len(one) + len(other)).bit_length()
    cross = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)
    most = reference.RATE // 5
    window = np.concatenate([cross[-most:], cross[:most + 1]])
    return int(np.argmax(window)) - most


def sound_wrong(film, medium, clips):
    heard = reference.read_sound(film, 0, 1000, {"channels": 2, "sample_rate": 48000}) * 10 ** (QUIETER / 20)
    found = []
    for asset, start, begin, length in clips:
        if asset != "medium" or not len(medium.sound):
            continue
        first, count = round(begin * reference.RATE), length * reference.RATE
        due = np.zeros(count)
        part = medium.sound[first:first + count]
        due[:len(part)] = part
        got = heard[start * reference.RATE:][:count]
        if np.abs(due).max() < 1e-3:
            if np.abs(got).max() > 1e-2:
                found.append(f"sound where there is none, from {begin} s on")
            continue
        lag = lag_of(got, due)
        if abs(lag) > reference.RATE // 100:
            found.append(f"sound is {1000 * lag / reference.RATE:.1f} ms late from {begin} s on")
        one, other = envelope(got), envelope(due)
        alike = float(np.corrcoef(one, other)[0, 1]) if other.std() > 1e-4 else 1.0
        level = 20 * np.log10(max(one.mean(), 1e-9) / other.mean())
        if alike < 0.9 or abs(level) > 1:
            found.append(f"other sound from {begin} s on: envelopes' correlation {alike:.3f}, level {level:+.1f} dB")
    return found


# --- one file ----------------------------------------------------------------------------------------------

class Sweep:
    def __init__(self, tool, folder, marks):
        self.tool, self.folder = tool, folder
        self.good = Good(folder, marks)

    def render(self, folder, path):
        film = folder / "out.mp4"
        command = [self.tool, "render", folder / "job.json", "-o", film, "--progress", "none", "--jobs", "1",
                   "--allow-root", path.parent, "--allow-root", self.folder]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=LONGEST)
        return film, done

    def look(self, path):
        """(what becomes of it, [what is wrong])"""
        medium = reference.read_medium(path, DEEPEST + FROM_INSIDE + 2, CANVAS)
        inside = round(min(medium.end / 2, DEEPEST), 2)
        clips = clips_of(inside)
        with tempfile.TemporaryDirectory(dir=self.folder) as temporary:
            folder = pathlib.Path(temporary)
            write_job(folder, self.good.path, path, clips)
            try:
                film, done = self.render(folder, path)
            except subprocess.TimeoutExpired:
                return "hangs", [f"not done after {LONGEST} s"]
            if done.returncode:
                return "fails", [f"status {done.returncode}: {done.stderr[-400:]}"]
            report = json.loads(film.with_suffix(".report.json").read_text())
            return self.judge(path, medium, film, clips, report)

    def judge(self, path, medium, film, clips, report):
        wrong = [good_frames_wrong(self.good.numbers(film), clips)]
        lost = [s for s in report["substitutions"] if s["asset"] == "medium" and s["what"] not in ("short", "outside")]
        if lost and reference.is_clean(path):
            wrong.append("ffmpeg plays it")
        if not lost:
            wrong += picture_wrong(film, medium, clips) + sound_wrong(film, medium, clips)
        what = "substituted: " + "; ".join(sorted({s["why"] for s in lost})) if lost else "played"
        return what, [w for w in wrong if w]


# --- all of them --------------------------------------------------------------------------------------------

def documented(source):
    """What docs/robustness.md says becomes of each file: {name: (verdict, difference)}."""
    text = (pathlib.Path(source) / "docs" / "robustness.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| [^|]* \| (played|substituted) \| ([^|]*) \|$", text, re.M)
    return {name: (verdict, difference.strip()) for name, verdict, difference in rows}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("tool")
    parser.add_argument("--only", help="files whose name holds this")
    arguments = parser.parse_args()
    sys.path.insert(0, str(shared.folder(arguments.source, "check")))
    import marks  # of the scorer
    folders = [shared.folder(arguments.source, "corpus/" + part) for part in ("1-meeting", "5-awkward")]
    media = [path.resolve() for folder in folders for path in sorted(folder.iterdir())]
    media = [path for path in media if not arguments.only or arguments.only in path.name]
    said = documented(arguments.source)
    failed = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        sweep = Sweep(arguments.tool, pathlib.Path(folder), marks)
        for path, (what, wrong) in zip(media, pool.map(sweep.look, media)):
            verdict, difference = said.get(path.name, ("not in docs/robustness.md", ""))
            if what.split(":")[0] != verdict:
                wrong = wrong + [f"documented: {verdict}"]
            fine = not wrong or (difference and what.startswith("played") and what == verdict)
            failed += not fine
            print("  ".join(["ok" if fine else "FAIL", path.name, what, *wrong]), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
