# SPDX-License-Identifier: LGPL-2.1-or-later
"""Media with bytes flipped, cut off and spliced, as short clips between good ones.

Usage: mutation_test.py ROSTRUM [--files N] [--seed N] [--media DIR] [--keep DIR]

Whatever such a file does to the library that reads it, the render ends with 0 and in time, the film has every frame and
every sample, and the good clips stand where they are due.  The same seed and media give the same files; those of a job that
fails are copied to the folder of --keep.
"""
import argparse
import json
import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import numpy as np

RATE, CLIP = 25, 15  # frames per second; frames of each clip
PACKET = 1024         # samples; not every decoder cuts the last one to size
TOGETHER = 10        # mutated files in one job
LIMIT = 400          # seconds that one job may take
LARGEST = 4 << 20    # bytes of a medium that is worth mutating
PICTURES = (".png", ".jpg", ".webp")


def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-nostdin", *map(str, words)], check=True)


def make_media(folder):
    """One medium of each container that people bring, 2 s long."""
    picture = ["-f", "lavfi", "-i", "testsrc=size=160x90:rate=25:duration=2"]
    sound = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=2"]
    h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "25", "-pix_fmt", "yuv420p"]
    for name, words in {"a.mp4": [*h264, "-c:a", "aac"], "b.mkv": [*h264, "-c:a", "libopus"],
                        "c.webm": ["-c:v", "libvpx", "-c:a", "libvorbis"], "d.ts": [*h264, "-c:a", "mp2"],
                        "e.flv": [*h264, "-c:a", "aac"], "f.mp4": [*h264, "-c:a", "aac", "-movflags", "+frag_keyframe"],
                        "g.avi": ["-c:v", "mpeg4", "-c:a", "mp3"], "h.webm": ["-c:v", "libvpx-vp9", "-c:a", "libopus"]}.items():
        ffmpeg(*picture, *sound, *words, folder / name)
    for name in ("i.wav", "j.flac", "k.ogg", "l.mp3", "m.m4a"):
        ffmpeg(*sound, folder / name)
    for name in ("n.png", "o.jpg", "p.webp"):
        ffmpeg(*picture, "-frames:v", "1", folder / name)


def mutated(data, chance, others):
    """`data` changed in one of the ways in which files break, and in which way."""
    data = bytearray(data)
    how = chance.choice(("flips", "header", "cut", "hole", "splice", "repeat", "lost"))
    at = chance.randrange(len(data))
    length = min(chance.choice((1, 16, 188, 4096, 65536)), len(data) - at)
    if how == "flips":
        for _ in range(chance.choice((1, 10, 100, 1000))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif how == "header":
        for _ in range(chance.choice((1, 4, 16))):
            data[chance.randrange(min(len(data), 1024))] = chance.randrange(256)
    elif how == "cut":
        del data[at:]
    elif how == "hole":
        data[at:at + length] = bytes(length)
    elif how == "splice":
        other = chance.choice(others)
        begin = chance.randrange(len(other))
        data[at:at + length] = other[begin:begin + length]
    elif how == "repeat":
        data[at:at] = data[at:at + length]
    else:
        del data[at:at + length]
    return bytes(data), f"{how} at {at}"


def good_media(folder):
    ffmpeg("-f", "lavfi", "-i", f"color=red:size=160x90:rate={RATE}:duration=1", "-f", "lavfi", "-i",
           "sine=frequency=440:sample_rate=48000:duration=1", "-pix_fmt", "yuv420p", folder / "good.mp4")
    ffmpeg("-f", "lavfi", "-i", "color=red:size=160x90", "-frames:v", "1", folder / "good.png")


def write_job(folder, files, kind):
    good = "good.png" if kind == "slides" else "good.mp4"
    clips = [{"asset": "good" if i % 2 == 0 else f"m{i // 2}", "start": i * CLIP / RATE, "duration": CLIP / RATE}
             for i in range(2 * len(files) + 1)]
    job = {"rostrum": 1, "duration": len(clips) * CLIP / RATE, "canvas": {"size": "160x90", "rate": f"{RATE}/1"},
           "assets": {"good": {"uri": good}, **{f"m{i}": {"uri": file.name} for i, file in enumerate(files)}},
           "tracks": [{"id": "t", "kind": kind, "clips": clips}]}
    (folder / "job.json").write_text(json.dumps(job))
    return len(clips) * CLIP


def red_frames(film):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", str(film), "-an", "-fps_mode", "passthrough", "-vf",
                          "scale=8:8:flags=area", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"], capture_output=True).stdout
    return (np.abs(np.frombuffer(raw, np.uint8).reshape(-1, 64, 3).astype(int) - (254, 0, 0)) < 24).all(axis=(1, 2))


def samples(film):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", str(film), "-vn", "-ac", "1", "-f", "s16le", "-"],
                         capture_output=True).stdout
    return len(raw) // 2


def starved(folder):
    """Whether the machine was too busy to read the good medium in time: that says nothing of the mutated ones."""
    report = folder / "out.report.json"
    return report.is_file() and any(s["asset"] == "good" and ("too long" in s["why"] or s["what"] == "stalled")
                                    for s in json.loads(report.read_text())["substitutions"])


def problem(tool, folder, files, kind):
    """What is wrong with the film of these files; None if nothing is."""
    frames = write_job(folder, files, kind)
    film = folder / "out.mp4"
    try:
        done = subprocess.run([tool, "render", str(folder / "job.json"), "-o", str(film), "--overwrite", "--draft",
                               "--progress", "none", "--verify", "quick"], capture_output=True, text=True, errors="replace",
                              stdin=subprocess.DEVNULL, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return f"not at its end after {LIMIT} s"
    if done.returncode:
        return f"status {done.returncode}: {done.stderr[-600:]}"
    red = red_frames(film)
    if len(red) != frames:
        return f"{len(red)} frames instead of {frames}"
    due = np.arange(frames) // CLIP % 2 == 0
    if not red[due].all():
        return f"not red where a good clip stands: frames {np.flatnonzero(due & ~red).tolist()}"
    sound = samples(film)
    if kind == "camera" and not 0 <= sound - frames * 48000 // RATE < PACKET:
        return f"{sound} samples instead of {frames * 48000 // RATE}"
    return None


def batch(number, media, options, folder):
    """The files of a job: every fifth job is of pictures."""
    pictures = number % 5 == 4
    chosen = {name: data for name, data in media.items() if name.endswith(PICTURES) == pictures}
    files, said = [], []
    for i in range(min(TOGETHER, options.files - number * TOGETHER)):
        chance = random.Random(options.seed * 1_000_003 + number * TOGETHER + i)
        name = chance.choice(sorted(chosen))
        data, how = mutated(chosen[name], chance, [media[key] for key in sorted(media)])
        file = folder / f"{number * TOGETHER + i}-{name}"
        file.write_bytes(data)
        files.append(file)
        said.append(f"{file.name}: {how}")
    return files, said, "slides" if pictures else "camera"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rostrum", type=os.path.abspath)
    parser.add_argument("--files", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--media", type=pathlib.Path, help="further media; those that are there are used")
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    failed, substituted, began = 0, 0, time.monotonic()
    with tempfile.TemporaryDirectory() as box:
        made = pathlib.Path(box, "made")
        made.mkdir()
        make_media(made)
        more = sorted(options.media.iterdir()) if options.media and options.media.is_dir() else []
        media = {f.name: f.read_bytes() for f in [*sorted(made.iterdir()), *more]
                 if f.is_file() and 0 < f.stat().st_size <= LARGEST}
        for number in range((options.files + TOGETHER - 1) // TOGETHER):
            folder = pathlib.Path(box, f"job-{number}")
            folder.mkdir()
            good_media(folder)
            files, said, kind = batch(number, media, options, folder)
            wrong = problem(options.rostrum, folder, files, kind)
            if wrong and starved(folder):
                wrong = problem(options.rostrum, folder, files, kind)
            report = folder / "out.report.json"
            substituted += len(json.loads(report.read_text())["substitutions"]) if report.is_file() else 0
            if not wrong:
                print(f"ok   job {number}: {len(files)} files", flush=True)
            else:
                failed += 1
                print(f"FAIL job {number}, seed {options.seed}: {wrong}", *said, sep="\n      ", flush=True)
                if options.keep:
                    shutil.copytree(folder, options.keep / folder.name, dirs_exist_ok=True)
            shutil.rmtree(folder)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{options.files} files of {len(media)} media, seed {options.seed}: {failed} jobs failed; {substituted} substitutions; "
          f"{used.ru_utime + used.ru_stime:.0f} s of CPU in {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
