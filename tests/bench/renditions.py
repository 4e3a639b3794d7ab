#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Renders a film alone, with two renditions, and as three films of three sizes, and compares what the picture costs.

Usage: renditions.py SOURCE_ROOT TOOL FOLDER [--seconds S] [--runs N]

Four cameras in a grid at 1280x720, all of them silent: with renditions each is decoded and composed once, by three renders three
times.  What planning takes is measured by itself and taken off.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

import arguments
import measure
import table

PEOPLE = 4
SIZES = {"1280x720": None, "854x480": 480, "426x240": 240}


def parse_options():
    parser = arguments.parser(__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    return options


def make_camera(path, seconds):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i",
                    f"testsrc2=size=640x360:rate=25,noise=alls=8:allf=t,trim=duration={seconds}", "-c:v", "libx264", "-preset",
                    "veryfast", "-g", "100", "-pix_fmt", "yuv420p", str(path)], check=True)


def make_job(folder, size, seconds, renditions=()):
    outputs = [{"path": "film.mp4"}]
    if renditions:
        outputs.append({"path": "film.m3u8", "renditions": [{"height": height} for height in renditions]})
    path = folder / f"{size}{'-with' if renditions else ''}.json"
    path.write_text(json.dumps({
        "rostrum": 1, "duration": seconds, "canvas": {"size": size}, "layout": {"policy": "grid"}, "outputs": outputs,
        "assets": {"a": {"uri": "camera.mp4"}},
        "tracks": [{"id": f"t{n}", "kind": "camera", "clips": [{"asset": "a", "start": 0}]} for n in range(PEOPLE)]}))
    return path


def cpu_of_picture(tool, job, folder):
    """CPU seconds of a render without those of its planning."""
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    planning = measure.run([tool, "plan", job], scratch, folder / "log")
    render = measure.run([tool, "render", job, "--overwrite", "--jobs", "1", "--progress", "none", "--verify", "off"], scratch,
                         folder / "log")
    return render.cpu - planning.cpu


def main():
    options = parse_options()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.folder.resolve()) as temporary:
        folder = pathlib.Path(temporary)
        make_camera(folder / "camera.mp4", options.seconds)
        jobs = {size: make_job(folder, size, options.seconds) for size in SIZES}
        jobs["with renditions"] = make_job(folder, "1280x720", options.seconds, [h for h in SIZES.values() if h])
        costs = {row: [] for row in jobs}
        for _ in range(options.runs):  # by turns: what disturbs the machine disturbs all
            for row, job in jobs.items():
                costs[row].append(cpu_of_picture(options.tool, job, folder))
    cpu = {row: statistics.median(found) for row, found in costs.items()}
    alone = cpu["1280x720"]
    rows = [("the film alone", alone), ("with two renditions", cpu["with renditions"]),
            ("three renders", sum(cpu[size] for size in SIZES))]
    print(table.markdown(["row", "CPU s of the picture", "of the film alone"],
                         [[row, f"{c:.1f}", f"{100 * c / alone:.0f} %"] for row, c in rows]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
