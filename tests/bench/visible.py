#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Renders one visible tile in a meeting of few and of many people, and compares what the picture costs.

Usage: visible.py SOURCE_ROOT TOOL FOLDER [--seconds S] [--people N] [--runs N]

Only who is visible is decoded: with 23 people it must cost what it costs with 3, to within 5 %.  The cameras are silent
and the talk stands in the manifest, so that only pictures are compared; what planning costs is measured and taken off.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import arguments
import measure
import table

FEW = 3
TURN = 6  # seconds that somebody talks
GOAL = 0.05


def parse_options():
    parser = arguments.parser(__doc__)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--people", type=int, default=23)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    return options


def make_camera(path, seconds):
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i",
               f"testsrc2=size=640x360:rate=25,noise=alls=8:allf=t,trim=duration={seconds}", "-c:v", "libx264", "-preset",
               "veryfast", "-g", "100", "-pix_fmt", "yuv420p", path]
    subprocess.run([str(word) for word in command], check=True)


def make_job(folder, camera, people, seconds):
    """Everybody is there all the time; the first three talk by turns."""
    folder.mkdir()
    for n in range(people):
        os.link(camera, folder / f"{n}.mp4")
    turns = {n: [[t, min(t + TURN, seconds)] for t in range(n * TURN, seconds, FEW * TURN)] for n in range(FEW)}
    job = {"rostrum": 1, "duration": seconds,
           "people": [{"id": f"p{n}", "talking": turns.get(n, [])} for n in range(people)],
           "assets": {f"a{n}": {"uri": f"{n}.mp4"} for n in range(people)},
           "tracks": [{"id": f"t{n}", "kind": "camera", "person": f"p{n}", "clips": [{"asset": f"a{n}", "start": 0}]}
                      for n in range(people)],
           "layout": {"policy": "speaker", "speaker": {"source": "log"}}}
    path = folder / "job.json"
    path.write_text(json.dumps(job))
    return path


def cpu_of_picture(tool, job, folder):
    """CPU seconds of a render without those of its planning."""
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    planning = measure.run([tool, "plan", job], scratch, folder / "log")
    render = measure.run([tool, "render", job, "-o", folder / "film.mp4", "--overwrite", "--jobs", "1", "--progress", "none",
                          "--verify", "off"], scratch, folder / "log")
    return render.cpu - planning.cpu


def main():
    options = parse_options()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.folder.resolve()) as temporary:
        folder = pathlib.Path(temporary)
        camera = folder / "camera.mp4"
        make_camera(camera, options.seconds)
        jobs = {people: make_job(folder / str(people), camera, people, options.seconds) for people in (FEW, options.people)}
        costs = {people: [] for people in jobs}
        for _ in range(options.runs):  # by turns: what disturbs the machine disturbs both
            for people, job in jobs.items():
                costs[people].append(cpu_of_picture(options.tool, job, folder))
    medians = {people: statistics.median(found) for people, found in costs.items()}
    print(table.markdown(["people", "CPU s of the picture, median", "of each run"],
                         [[str(people), f"{medians[people]:.2f}", ", ".join(f"{c:.2f}" for c in costs[people])]
                          for people in jobs]))
    ratio = medians[options.people] / medians[FEW]
    print(f"\n{options.people} people cost {ratio:.3f} of {FEW}; goal: 1 to within {GOAL}: {'yes' if abs(ratio - 1) <= GOAL else 'NO'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
