# SPDX-License-Identifier: LGPL-2.1-or-later
"""What ffmpeg decodes of a medium, or of a film: small pictures with their times, and sound on one grid of samples."""
import json
import pathlib
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

THUMB = (32, 18)  # pixels
RATE = 48000
FLAT = 1.0  # of 255: the error of a picture that is the same


def ffmpeg(*arguments, **options):
    return subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", *map(str, arguments)],
                          capture_output=True, timeout=120, **options)


def is_clean(path):
    """Whether ffmpeg decodes the whole file and says nothing."""
    done = ffmpeg("-i", path, "-f", "null", "-")
    return done.returncode == 0 and not done.stderr


def probe(path):
    done = subprocess.run(["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(path)],
                          capture_output=True, timeout=60)
    return json.loads(done.stdout or "{}")


@dataclass
class Pictures:
    times: np.ndarray = field(default_factory=lambda: np.zeros(0))  # seconds, of the container
    thumbs: np.ndarray = field(default_factory=lambda: np.zeros((0, 3, THUMB[1], THUMB[0])))
    end: float = 0  # of the last

    def at(self, t):
        """The index of the frame that stands at t, which may lie a rounding before it; -1 before the first."""
        return int(np.searchsorted(self.times, t + 1e-3, side="right")) - 1


@dataclass
class Medium:
    zero: float = 0  # the first timestamp of picture and sound
    size: tuple = (0, 0)  # as it is to be seen
    pictures: Pictures = field(default_factory=Pictures)
    sound: np.ndarray = field(default_factory=lambda: np.zeros(0))  # mono, from `zero` on
    whole: bool = True  # read to its end

    @property
    def end(self):
        """Where there is no more, from `zero` on."""
        return max(self.pictures.end - self.zero if len(self.pictures.times) else 0, len(self.sound) / RATE)


def shown_size(stream):
    """Square pixels, upright."""
    width, height = stream["width"], stream["height"]
    ratio = stream.get("sample_aspect_ratio", "1:1").replace(":", "/")
    if not ratio.startswith("0/") and not ratio.endswith("/0"):
        width = width * Fraction(ratio)
    turned = any(abs(side.get("rotation", 0)) % 180 == 90 for side in stream.get("side_data_list", []))
    return (height, width) if turned else (width, height)


def picture_rect(size, canvas):
    """Where a picture of that size lies in the canvas: whole, centred, even."""
    (width, height), (across, down) = size, canvas
    if width * down >= height * across:
        width, height = across, round(across * height / width)
    else:
        width, height = round(down * width / height), down
    if across - width <= 2 and down - height <= 2:
        return 0, 0, across, down
    width, height = max(2, width // 2 * 2), max(2, height // 2 * 2)
    return (across - width) // 4 * 2, (down - height) // 4 * 2, width, height


def small_filter(stream, canvas):
    """As it lies in the canvas, then small, in BT.709: untagged pictures are BT.601 unless they are as large as HD, as everywhere."""
    known = stream.get("color_space", "unknown") not in ("unknown", "reserved")
    matrix = "auto" if known else ("bt709" if stream["height"] >= 720 else "bt601")
    width, height = picture_rect(shown_size(stream), canvas)[2:]
    return (f"scale={width}:{height}:flags=bilinear:in_color_matrix={matrix}:out_color_matrix=bt709:out_range=tv,"
            f"format=yuv444p,scale={THUMB[0]}:{THUMB[1]}:flags=area")


def read_thumbs(raw):
    return np.frombuffer(raw, np.uint8).reshape(-1, 3, THUMB[1], THUMB[0]).astype(float)


def read_pictures(path, stream, until, canvas):
    """Up to the container's time `until`, with their times."""
    chain = ["showinfo", small_filter(stream, canvas), "format=yuv444p"]
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "thumbs"
        done = subprocess.run(["ffmpeg", "-v", "info", "-nostats", "-nostdin", "-threads", "1", "-copyts", "-i", str(path),
                               "-map", "0:v:0", "-fps_mode", "passthrough", "-vf", ",".join(chain), "-to", str(until),
                               "-f", "rawvideo", "-y", str(out)], capture_output=True, timeout=120)
        thumbs = read_thumbs(out.read_bytes() if out.exists() else b"")
    times = [float(t) for t in re.findall(rb" pts_time:(\S+)", done.stderr)][:len(thumbs)]
    thumbs = thumbs[:len(times)]
    order = np.argsort(times, kind="stable")
    pictures = Pictures(np.array(times)[order], thumbs[order])
    if times:
        steps = np.diff(pictures.times)
        usual = float(np.median(steps[steps > 0])) if (steps > 0).any() else 0.04
        pictures.end = pictures.times[-1] + usual
        declared = float(stream.get("start_time", 0)) + float(stream.get("duration", 0))
        longest = max(0.2, 2 * float(steps.max(initial=0)))  # a last frame that is longer was cut off
        if pictures.end < declared < pictures.times[-1] + longest:
            pictures.end = declared
    return pictures


def placed(samples, frames, rate, zero):
    """Each frame (seconds, number of samples) at its time; what overlaps the one before gives way."""
    out = np.zeros(max((round((t - zero) * rate) + n for t, n in frames), default=0) + rate)
    at = written = 0
    for t, n in frames:
        first = round((t - zero) * rate)
        if written and abs(first - written) <= rate // 50:  # rounding
            first = written
        skip = max(0, -first, written - first)
        if n > skip:
            out[first + skip:first + n] = samples[at + skip:at + n]
            written = first + n
        at += n
    return out[:written]


def read_sound(path, zero, until, stream):
    """Mono from the container's time `zero` on; what it has no sound for is silent."""
    channels, rate = min(stream["channels"], 2), int(stream["sample_rate"])  # mono in two is 3 dB quieter
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "samples"
        done = subprocess.run(["ffmpeg", "-v", "info", "-nostats", "-nostdin", "-threads", "1", "-copyts", "-i", str(path),
                               "-map", "0:a:0", "-af", "ashowinfo", "-to", str(until), "-f", "f32le", "-ac", str(channels),
                               "-ar", str(rate), "-y", str(out)], capture_output=True, timeout=120)
        samples = np.fromfile(out, np.float32).reshape(-1, channels).mean(axis=1) if out.exists() else np.zeros(0)
    found = re.findall(rb" pts_time:(\S+) .*? nb_samples:(\d+)", done.stderr)
    frames = [(float(t), int(n)) for t, n in found if t != b"NOPTS"]
    if sum(n for _, n in frames) > len(samples):
        samples = np.pad(samples, (0, sum(n for _, n in frames) - len(samples)))
    mono = placed(samples, frames, rate, zero)
    times = np.arange(len(mono) * RATE // rate) / RATE
    return np.interp(times * rate, np.arange(len(mono)), mono) if len(mono) else mono


def read_medium(path, most, canvas):
    """What ffmpeg makes of the first `most` seconds; its pictures as they fit into the canvas."""
    streams = probe(path).get("streams", [])
    picture = next((s for s in streams if s["codec_type"] == "video" and s.get("width")), None)
    sound = next((s for s in streams if s["codec_type"] == "audio" and s.get("channels")), None)
    starts = [float(s["start_time"]) for s in (picture, sound) if s and "start_time" in s]
    medium = Medium(max(0.0, min(starts, default=0.0)))
    until = medium.zero + most
    if picture:
        medium.size = shown_size(picture)
        medium.pictures = read_pictures(path, picture, until, canvas)
    if sound:
        medium.sound = read_sound(path, medium.zero, until, sound)
        # ffmpeg 5.1 decodes the last packet whole, wherever an edit list says that the sound ends
        declared = float(sound.get("start_time", 0)) + float(sound.get("duration", most)) - medium.zero
        medium.sound = medium.sound[:max(0, round(min(declared, most) * RATE))]
    medium.whole = medium.end < most - 0.2
    return medium


def film_thumbs(path, rect):
    """One per frame, of the part (x, y, width, height)."""
    x, y, width, height = rect
    done = ffmpeg("-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-vf",
                  f"crop={width}:{height}:{x}:{y},scale={THUMB[0]}:{THUMB[1]}:flags=area,format=yuv444p", "-f",
                  "rawvideo", "-")
    return read_thumbs(done.stdout)


def error(one, other):
    """Root mean square, of 255."""
    return float(np.sqrt(((one - other) ** 2).mean()))
