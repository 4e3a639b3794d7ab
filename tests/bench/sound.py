#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Mixes a meeting of many microphones that are mostly muted, and compares what that costs.

Usage: sound.py SOURCE_ROOT TOOL FOLDER [--seconds S] [--tracks N] [--runs N] [--full]

Rows: the floor (what is heard decoded once, and the programme encoded once, by ffmpeg), rostrum (levels, loudness, mix,
limiter, AAC; nothing cached), rostrum again with the levels in its cache, and ffmpeg's amix of the same microphones
without loudness.  Goal: 50 times real time on two cores in at most 200 MB.
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import arguments
import measure
import table

ACTIVE = 0.1  # of the time that each microphone is on
TURN = (5, 35)  # seconds
VOICES = 4  # media that differ; the others are the same material from elsewhere on
GOAL_SPEED = 50
GOAL_MEMORY = 200e6


def parse_options():
    parser = arguments.parser(__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--tracks", type=int, default=63)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--full", action="store_true", help="three hours, once (4 GB of disk); without ffmpeg's amix")
    options = parser.parse_args()
    if options.full:
        options.seconds, options.runs = 10800, 1
    return options


def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, words)], check=True)


def make_microphones(folder, tracks, seconds):
    """Babble of five minutes, repeated; every file begins elsewhere, so that no two sound alike."""
    for n in range(VOICES):
        ffmpeg("-f", "lavfi", "-i", f"anoisesrc=r=48000:c=pink:a=0.3:seed={n}:d=300,highpass=f=200,lowpass=f=4000,"
               "tremolo=f=4:d=0.9", "-ac", "1", "-c:a", "aac", "-b:a", "48k", folder / f"voice{n}.m4a")
    for n in range(tracks):
        ffmpeg("-ss", f"{4.1 * n % 280:.1f}", "-stream_loop", "-1", "-i", folder / f"voice{n % VOICES}.m4a", "-t", seconds,
               "-c", "copy", "-metadata", f"title={n}", folder / f"{n}.m4a")


def turns(rng, seconds):
    """When one microphone is on."""
    pause = (1 - ACTIVE) / ACTIVE
    found, at = [], rng.uniform(0, TURN[1] * pause)
    while at < seconds:
        length = rng.uniform(*TURN)
        found.append((round(at, 3), round(min(at + length, seconds), 3)))
        at += length * (1 + rng.uniform(0.5, 1.5) * pause)
    return found


def muted(on, seconds):
    edges = [0, *(t for turn in on for t in turn), seconds]
    return [[a, b] for a, b in zip(edges[::2], edges[1::2]) if b > a]


def make_job(folder, on, seconds):
    tracks = [{"id": f"t{n}", "kind": "microphone", "person": f"p{n}",
               "clips": [{"asset": f"a{n}", "start": 0, "muted": muted(turn, seconds)}]} for n, turn in enumerate(on)]
    job = {"rostrum": 1, "duration": seconds, "people": [{"id": f"p{n}"} for n in range(len(on))],
           "assets": {f"a{n}": {"uri": f"{n}.m4a"} for n in range(len(on))}, "tracks": tracks, "audio": {"loudness": -16}}
    path = folder / "job.json"
    path.write_text(json.dumps(job))
    return path


def amix(folder, on, output):
    """What is muted is turned down, for ffmpeg decodes it all the same."""
    inputs, chains = [], []
    for n, turn in enumerate(on):
        inputs += ["-i", folder / f"{n}.m4a"]
        audible = "+".join(f"between(t,{a},{b})" for a, b in turn) or "0"
        chains.append(f"[{n}]volume=0:enable='not({audible})'[v{n}]")
    graph = ";".join(chains) + ";" + "".join(f"[v{n}]" for n in range(len(on)))
    graph += f"amix=inputs={len(on)}:normalize=0,alimiter=limit=0.8,aformat=channel_layouts=stereo[out]"
    return ["ffmpeg", "-v", "error", "-y", *inputs, "-filter_complex", graph, "-map", "[out]", "-c:a", "aac", "-b:a", "128k",
            output]


class Bench:
    def __init__(self, tool, folder, options):
        self.folder, self.options = folder, options
        self.scratch, self.cache = folder / "scratch", folder / "cache"
        self.scratch.mkdir()
        rng = random.Random(1)
        self.on = [turns(rng, options.seconds) for _ in range(options.tracks)]
        make_microphones(folder, options.tracks, options.seconds)
        self.heard = sum(b - a for turn in self.on for a, b in turn)
        self.render = [tool, "render", make_job(folder, self.on, options.seconds), "--audio-only", "-o",
                       folder / "mix.m4a", "--overwrite", "--progress", "none", "--verify", "off"]

    def run(self, command):
        return measure.run(command, self.scratch, self.folder / "log", {"XDG_CACHE_HOME": str(self.cache)})

    def floor(self):
        decoded = self.run(["ffmpeg", "-v", "error", "-threads", "1", "-stream_loop", "-1", "-i", self.folder / "voice0.m4a",
                            "-t", self.heard, "-f", "null", "-"])
        encoded = self.run(["ffmpeg", "-v", "error", "-y", "-stream_loop", "-1", "-i", self.folder / "voice0.m4a", "-t",
                            self.options.seconds, "-ac", "2", "-c:a", "aac", "-b:a", "128k", self.folder / "floor.m4a"])
        return decoded.then(encoded)

    def rows(self):
        """By turns: what disturbs the machine disturbs all."""
        subprocess.run(["rm", "-rf", self.cache / "rostrum" / "levels"], check=True)
        costs = {"floor": self.floor(), "rostrum": self.run(self.render), "rostrum again": self.run(self.render)}
        if not self.options.full:
            costs["ffmpeg amix"] = self.run(amix(self.folder, self.on, self.folder / "amix.m4a"))
        return costs


def print_result(runs, seconds):
    costs = {row: measure.median([run[row] for run in runs]) for row in runs[0]}
    print(table.markdown(
        ["row", "wall s", "x real time", "CPU s", "CPU / floor", "largest process MB", "parent MB"],
        [[row, f"{c.wall:.1f}", f"{seconds / c.wall:.0f}", f"{c.cpu:.1f}", f"{c.cpu / costs['floor'].cpu:.2f}",
          f"{c.peak / 1e6:.0f}", f"{c.parent / 1e6:.0f}"] for row, c in costs.items()]))
    ours = costs["rostrum"]
    speed = seconds / ours.wall
    print(f"\n{speed:.0f} times real time; goal: {GOAL_SPEED}: {'yes' if speed >= GOAL_SPEED else 'NO'}")
    print(f"{ours.peak / 1e6:.0f} MB in the largest process; goal: {GOAL_MEMORY / 1e6:.0f}: "
          f"{'yes' if ours.peak <= GOAL_MEMORY else 'NO'}")
    print(f"other processes took {ours.others:.1f} s of processor time meanwhile")


def main():
    options = parse_options()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.folder.resolve()) as temporary:
        bench = Bench(options.tool, pathlib.Path(temporary), options)
        print(f"{options.tracks} microphones for {options.seconds} s, on for {bench.heard:.0f} s in all")
        print_result([bench.rows() for _ in range(options.runs)], options.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
