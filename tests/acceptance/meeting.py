#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each real meeting medium as a camera between two clips of plain red: meeting.py SOURCE_ROOT TOOL

Whatever the medium does, the film has every frame, and the red clip that follows stands at its own time.
Players play all of these media, so none may be replaced; some end before the piece that is asked for.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

import shared

RED, MIDDLE, RATE = 2, 4, 25  # seconds of each red clip and of the medium; frames per second
SIZE = (64, 36)


def make_red(folder):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-nostdin", "-f", "lavfi", "-i",
                    f"color=red:size=640x360:rate={RATE}:duration={RED}", "-f", "lavfi", "-i",
                    f"sine=frequency=440:sample_rate=48000:duration={RED}", "-pix_fmt", "yuv420p", "red.mp4"],
                   cwd=folder, check=True)


def write_job(folder, medium):
    clips = [{"asset": "red", "start": 0, "duration": RED}, {"asset": "medium", "start": RED, "duration": MIDDLE},
             {"asset": "red", "start": RED + MIDDLE, "duration": RED}]
    job = {"rostrum": 1, "duration": 2 * RED + MIDDLE, "canvas": {"size": "640x360", "rate": f"{RATE}/1"},
           "people": [{"id": "anna", "name": "Anna", "role": "presenter"}],
           "assets": {"red": {"uri": "red.mp4"}, "medium": {"uri": medium.as_uri()}},
           "tracks": [{"id": "anna", "kind": "camera", "person": "anna", "clips": clips}],
           "layout": {"policy": "webinar"}}
    (folder / "job.json").write_text(json.dumps(job))


def red_frames(film):
    """One boolean per decoded frame: whether it is plain red."""
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", str(film), "-an", "-fps_mode", "passthrough",
                          "-vf", f"scale={SIZE[0]}:{SIZE[1]}", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"],
                         capture_output=True, check=True).stdout
    pictures = np.frombuffer(raw, np.uint8).reshape(-1, SIZE[0] * SIZE[1], 3).astype(int)
    return (np.abs(pictures - (254, 0, 0)) < 24).all(axis=2).mean(axis=1) > 0.95


def problem(tool, folder, medium):
    write_job(folder, medium)
    film = folder / "out.mp4"
    done = subprocess.run([tool, "render", str(folder / "job.json"), "-o", str(film), "--overwrite", "--progress", "none",
                           "--allow-root", str(medium.parent)], capture_output=True, text=True)
    if done.returncode:
        return f"status {done.returncode}: {done.stderr[-600:]}"
    red = red_frames(film)
    due = np.zeros((2 * RED + MIDDLE) * RATE, bool)
    due[:RED * RATE] = due[-RED * RATE:] = True
    if len(red) != len(due):
        return f"{len(red)} frames instead of {len(due)}"
    if (red != due).any():
        return f"red where it is not due, or not where it is: frames {np.flatnonzero(red != due).tolist()}"
    report = json.loads(film.with_suffix(".report.json").read_text())
    replaced = [f"{s['what']}: {s['why']}" for s in report["substitutions"] if s["what"] != "short"]
    return "; ".join(replaced) or None


def main():
    source, tool = sys.argv[1:]
    media = shared.folder(source, "corpus/1-meeting")
    failed = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        make_red(folder)
        for medium in sorted(media.iterdir()):
            wrong = problem(tool, folder, medium.resolve())
            failed += wrong is not None
            print(f"{'FAIL' if wrong else 'ok'}  {medium.name}" + (f": {wrong}" if wrong else ""), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
