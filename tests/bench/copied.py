#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Renders a recording that is one screen share of the canvas's size, copied and encoded, and says how fast each is.

Usage: copied.py SOURCE_ROOT TOOL FOLDER [--seconds S] [--runs N]
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import arguments
import measure
import table

GOAL = 200  # times real time, on two cores
ROWS = {"copied": ("--verify", "off"), "copied and verified": ("--verify", "quick"), "encoded": ("--verify", "off", "--no-copy")}


def parse_options():
    parser = arguments.parser(__doc__)
    parser.add_argument("--seconds", type=int, default=1200, help="length of the recording")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--encode", action="store_true", help="encode it, too")
    options = parser.parse_args()
    return options


def make_job(folder, seconds):
    """A picture that moves, in groups of pictures with B-frames, and stereo sound."""
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc=size=1280x720:rate=25", "-f", "lavfi",
                    "-i", "anoisesrc=color=pink:sample_rate=48000:amplitude=0.1", "-t", str(seconds), "-pix_fmt", "yuv420p",
                    "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "100", "-profile:v", "high", "-ac", "2", "-c:a",
                    "aac", folder / "share.mp4"], check=True)
    job = {"rostrum": 1, "duration": seconds, "assets": {"share": {"uri": "share.mp4"}},
           "tracks": [{"id": "screen", "kind": "screen", "clips": [{"asset": "share", "start": 0}]}]}
    path = folder / "job.json"
    path.write_text(json.dumps(job))
    return path


def main():
    options = parse_options()
    options.folder.mkdir(parents=True, exist_ok=True)
    rows = [row for row in ROWS if row != "encoded" or options.encode]
    with tempfile.TemporaryDirectory(dir=options.folder.resolve()) as temporary:
        folder = pathlib.Path(temporary)
        job, costs = make_job(folder, options.seconds), {row: [] for row in rows}
        (folder / "scratch").mkdir()
        for _ in range(options.runs):  # by turns: what disturbs the machine disturbs all
            for row in rows:
                costs[row].append(measure.run([options.tool, "render", job, "-o", folder / "film.mp4", "--overwrite", "--progress",
                                               "none", *ROWS[row]], folder / "scratch", folder / "log"))
        size = (folder / "share.mp4").stat().st_size
    medians = {row: measure.median(found) for row, found in costs.items()}
    speed = {row: options.seconds / cost.wall for row, cost in medians.items()}
    print(f"{options.seconds} s, {size / 1e6:.0f} MB")
    print(table.markdown(["row", "wall s", "CPU s", "times real time"],
                         [[row, f"{cost.wall:.2f}", f"{cost.cpu:.2f}", f"{speed[row]:.0f}"] for row, cost in medians.items()]))
    print(f"goal: {GOAL} times real time: {'yes' if speed['copied and verified'] >= GOAL else 'NO'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
