#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Renders slides and a voice at the constant and at the variable rate, and compares what the picture costs.

Usage: still.py SOURCE_ROOT TOOL FOLDER [--seconds S] [--each S] [--runs N]

Beside them the same slides under a small camera, of which every frame is composed and encoded.  What the sound and the
planning take is measured by itself and taken off.
"""
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

import arguments
import measure
import table

GOAL = 0.08


def parse_options():
    parser = arguments.parser(__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="length of the recording")
    parser.add_argument("--each", type=int, default=45, help="seconds that a slide stands")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    return options


def slide(number):
    """Text and shapes, as slides have them."""
    chance = random.Random(number)
    lines = "".join(f'<text x="90" y="{200 + 62 * i}" font-size="36" fill="#223">{"lorem ipsum dolor sit amet"[:chance.randint(8, 26)]} '
                    f'{chance.randint(100, 9999)}</text>' for i in range(7))
    bars = "".join(f'<rect x="{800 + 52 * i}" y="{560 - h}" width="40" height="{h}" fill="hsl({37 * i + number},60%,50%)"/>'
                   for i, h in enumerate(chance.randint(40, 340) for _ in range(8)))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720"><rect width="1280" height="720" fill="#fcfcf8"/>'
            f'<text x="90" y="110" font-size="56" fill="#135">Slide {number}</text>{lines}{bars}</svg>')


def make_media(folder, options):
    count = -(-options.seconds // options.each)
    for n in range(count):
        (folder / f"{n}.svg").write_text(slide(n))
    quiet = ["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i"]
    subprocess.run([*quiet, f"anoisesrc=color=pink:sample_rate=48000:amplitude=0.1:duration={options.seconds}", "-ac", "1", "-c:a",
                    "aac", folder / "voice.m4a"], check=True)
    subprocess.run([*quiet, f"testsrc2=size=320x180:rate=25:duration={options.seconds}", "-pix_fmt", "yuv420p", "-g", "100", "-c:v",
                    "libx264", "-preset", "veryfast", folder / "camera.mp4"], check=True)
    return count


def make_job(folder, name, count, options, camera):
    tracks = [{"id": "deck", "kind": "slides", "clips": [{"asset": f"s{n}", "start": n * options.each} for n in range(count)]},
              {"id": "voice", "kind": "microphone", "clips": [{"asset": "voice", "start": 0}]}]
    assets = {f"s{n}": {"uri": f"{n}.svg"} for n in range(count)} | {"voice": {"uri": "voice.m4a"}}
    if camera:
        tracks.append({"id": "camera", "kind": "camera", "clips": [{"asset": "camera", "start": 0}]})
        assets["camera"] = {"uri": "camera.mp4"}
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"rostrum": 1, "duration": options.seconds, "assets": assets, "tracks": tracks}))
    return path


def render(tool, job, folder, name, *words):
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    return measure.run([tool, "render", job, "-o", folder / name, "--overwrite", "--progress", "none", "--verify", "off", *words],
                       scratch, folder / "log")


def main():
    options = parse_options()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.folder.resolve()) as temporary:
        folder = pathlib.Path(temporary)
        count = make_media(folder, options)
        talk = make_job(folder, "talk", count, options, False)
        filmed = make_job(folder, "filmed", count, options, True)
        commands = {"sound alone": (talk, "sound.m4a", "--audio-only"), "with a camera": (filmed, "filmed.mp4"),
                    "constant": (talk, "constant.mp4", "--rate", "constant"),
                    "variable": (talk, "variable.mp4", "--rate", "variable")}
        costs = {row: [] for row in commands}
        for _ in range(options.runs):  # by turns: what disturbs the machine disturbs all
            for row, (job, name, *words) in commands.items():
                costs[row].append(render(options.tool, job, folder, name, *words))
        sizes = {row: (folder / name).stat().st_size for row, (_, name, *_) in commands.items()}
    cpu = {row: statistics.median(c.cpu for c in found) for row, found in costs.items()}
    wall = {row: statistics.median(c.wall for c in found) for row, found in costs.items()}
    picture = {row: cpu[row] - cpu["sound alone"] for row in commands}
    whole = picture["with a camera"]
    print(table.markdown(["row", "wall s", "CPU s", "of the picture", "share", "output MB"],
                         [[row, f"{wall[row]:.2f}", f"{cpu[row]:.2f}", f"{picture[row]:.2f}", f"{100 * picture[row] / whole:.1f} %",
                           f"{sizes[row] / 1e6:.2f}"] for row in commands]))
    share = picture["variable"] / picture["with a camera"]
    print(f"\n{options.seconds} s: stills cost {100 * share:.1f} % of composed pictures; goal: {100 * GOAL:.0f} %: "
          f"{'yes' if share <= GOAL else 'NO'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
