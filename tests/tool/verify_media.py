# SPDX-License-Identifier: LGPL-2.1-or-later
"""A meeting that looks and sounds alive, good films of it, and films with one fault each."""
import json
import pathlib
import subprocess
import wave

import numpy as np

RATE = 48000
FPS = 25
SIZE = (320, 180)
SECONDS = 24


def ffmpeg(*words, **keys):
    return subprocess.run(["ffmpeg", "-v", "error", "-y", "-nostdin", *map(str, words)], check=True, **keys)


def speech(seconds, seed, talk, pause=0.3):
    """Syllables of noise, of uneven lengths and levels, while talking; a little noise of a room else."""
    rnd = np.random.default_rng(seed)
    sound = 3e-4 * rnd.standard_normal(round(seconds * RATE))
    for first, last in talk:
        t = first
        while t < last:
            length = rnd.uniform(0.08, 0.3)
            a, b = round(t * RATE), min(round((t + length) * RATE), round(last * RATE), sound.size)
            if b - a > 100:
                burst = np.convolve(rnd.standard_normal(b - a), np.ones(6) / 6, "same")
                sound[a:b] += rnd.uniform(0.05, 0.25) * burst * np.hanning(b - a)
            t += length + rnd.exponential(pause)
    return sound


def write_wave(path, sound):
    with wave.open(str(path), "wb") as w:
        w.setparams((1, 2, RATE, 0, "NONE", ""))
        w.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def camera(path, source, sound, seconds):
    """A camera whose picture is an ffmpeg source, with its voice."""
    voice = path.with_suffix(".wav")
    write_wave(voice, sound)
    ffmpeg("-f", "lavfi", "-i", source, "-i", voice, "-t", seconds, "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt",
           "yuv420p", "-g", 100, "-bf", 0, "-crf", 23, "-c:a", "aac", "-b:a", "96k", path)


def slide(path, seed, dark=0):
    """A page: a heading and lines of uneven words, light or dark; `dark` = 2: black all over."""
    rnd = np.random.default_rng(seed)
    page = np.full((360, 640, 3), (245, 45, 0)[dark], np.uint8)
    ink = np.array((30, 85, 0)[dark] + rnd.integers(0, 20, 3), np.uint8)
    for row in range(0 if dark == 2 else 9):
        x = 40
        while x < 560:
            width = int(rnd.integers(12, 60))
            if rnd.random() < 0.8:
                page[40 + 32 * row:40 + 32 * row + (22 if row == 0 else 12), x:x + width] = ink
            x += width + 10
    ffmpeg("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "640x360", "-i", "-", path, input=page.tobytes())


LIVELY = "testsrc2=size=320x180:rate=25"
OTHER = "mandelbrot=size=240x180:rate=25:start_scale=2:end_scale=0.01:end_pts=500"
# A face that hardly moves: a still picture with a little noise and a speck that comes and goes.
STATIC = ("gradients=size=320x180:rate=25:speed=0.00001:seed=5,noise=alls=3:allf=t,"
          "drawbox=x=150:y=80:w=8:h=4:color=gray:t=fill:enable='lt(mod(t,3),0.2)'")


def make_media(folder):
    folder = pathlib.Path(folder)
    camera(folder / "anna.mp4", LIVELY, speech(SECONDS, 1, [(0.5, 7.5), (14, 20)]), SECONDS)
    camera(folder / "boris.mp4", OTHER, speech(16, 2, [(3.8, 9.5)]), 16)
    camera(folder / "static.mp4", STATIC, speech(SECONDS, 3, [(1, 6), (16, 22)], pause=1.5), SECONDS)
    write_wave(folder / "music.wav", 0.1 * np.sin(2 * np.pi * 330 * np.arange(SECONDS * RATE) / RATE)
               * (1 + np.sin(2 * np.pi * 0.7 * np.arange(SECONDS * RATE) / RATE)) / 2)
    for n in range(3):
        slide(folder / f"page{n}.png", 10 + n)
        slide(folder / f"dark{n}.png", 20 + n, dark=1)
    slide(folder / "black.png", 0, dark=2)


def job(**keys):
    """Anna presents all the time, Boris is there from 4 s to 20 s, three pages."""
    def clip(asset, start, **more):
        return {"asset": asset, "start": start, **more}
    return {"rostrum": 1, "title": "Meeting", "duration": SECONDS, "chapters": "none",
            "canvas": {"size": f"{SIZE[0]}x{SIZE[1]}"},
            "people": [{"id": "anna", "name": "Anna", "role": "presenter"}, {"id": "boris", "name": "Boris"}],
            "assets": {name: {"uri": f"{name}.{ending}"} for name, ending in
                       (("anna", "mp4"), ("boris", "mp4"), ("page0", "png"), ("page1", "png"), ("page2", "png"))},
            "tracks": [{"id": "anna", "kind": "camera", "person": "anna", "clips": [clip("anna", 0)]},
                       {"id": "boris", "kind": "camera", "person": "boris", "clips": [clip("boris", 4)]},
                       {"id": "deck", "kind": "slides", "clips": [
                           clip("page0", 2, duration=6), clip("page1", 8, duration=6), clip("page2", 14, duration=6)]}],
            **keys}


def write_job(path, content):
    path.write_text(json.dumps(content))
    return path


def decoded(film):
    width, height = SIZE
    picture = ffmpeg("-i", film, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-", capture_output=True).stdout
    sound = ffmpeg("-i", film, "-f", "s16le", "-", capture_output=True).stdout
    return (np.frombuffer(picture, np.uint8).reshape(-1, width * height * 3 // 2).copy(),
            np.frombuffer(sound, "<i2").reshape(-1, 2).copy())


def encode(path, picture, sound):
    """As another program would: B-frames, its own AAC."""
    with open(path.with_suffix(".yuv"), "wb") as raw:
        picture.tofile(raw)
    with open(path.with_suffix(".pcm"), "wb") as raw:
        sound.astype("<i2").tofile(raw)
    ffmpeg("-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{SIZE[0]}x{SIZE[1]}", "-r", FPS, "-i", path.with_suffix(".yuv"),
           "-f", "s16le", "-ar", RATE, "-ac", 2, "-i", path.with_suffix(".pcm"), "-c:v", "libx264", "-preset", "veryfast",
           "-crf", 20, "-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart", path)
    path.with_suffix(".yuv").unlink()
    path.with_suffix(".pcm").unlink()
    return path
