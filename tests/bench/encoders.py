#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Renders one recording by each encoder that works here, in each profile, and compares what that costs.

Usage: encoders.py SOURCE_ROOT TOOL FOLDER [--seconds S] [--people N] [--runs N] [--encoder NAME] [--profile NAME]
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import arguments
import bench
import recording
import table

PROFILES = ("quality", "balanced", "fast")


def parse_options():
    parser = arguments.parser(__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="length of the recording")
    parser.add_argument("--people", type=int, default=3)
    parser.add_argument("--runs", type=int, default=1, help="of every row, interleaved; the medians are shown")
    parser.add_argument("--encoder", action="append", help="this one; may be given more than once")
    parser.add_argument("--profile", action="append", help=f"likewise; default: {', '.join(PROFILES)}")
    options = parser.parse_args()
    return options


def encoders_that_work(tool, wanted):
    """doctor tries them and ends with status 0 or 4; what it says is the same."""
    done = subprocess.run([tool, "doctor", "--json"], capture_output=True, text=True)
    found = [encoder["name"] for encoder in json.loads(done.stdout)["encoders"] if encoder["works"]]
    if missing := set(wanted or []) - set(found):
        raise SystemExit(f"bench: {', '.join(sorted(missing))}: no encoder that works here; there are: {', '.join(found)}")
    return [name for name in found if not wanted or name in wanted]


class EncoderBench(bench.Bench):
    """A row is an encoder and a profile of it."""

    def output(self, row):
        return self.folder / f"{row.replace(' ', '-')}.mp4"

    def command(self, row, scratch):
        encoder, profile = row.split()
        return [self.tool, "render", self.job, "-o", self.output(row), "--overwrite", "--verify", "off", "--progress", "none",
                "--work", scratch / "work", "--encoder", encoder, "--profile", profile, "--stall-timeout", "600"]


def main():
    options = parse_options()
    options.folder.mkdir(parents=True, exist_ok=True)
    folder = options.folder.resolve()
    record = recording.make(options.source_root.resolve(), folder, options.seconds, options.people)
    rows = [f"{encoder} {profile}" for encoder in encoders_that_work(options.tool, options.encoder)
            for profile in options.profile or PROFILES]
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        encoders = EncoderBench(options.tool, bench.manifest_of(options.tool, record), pathlib.Path(scratch))
        encoders.make_reference()
        costs = bench.measure_rows(encoders, rows, options.runs)
        print(f"\n{encoders.film.seconds:.0f} s of {encoders.film.width}x{encoders.film.height} at {encoders.film.rate}/s\n")
        print(table.rows([bench.judge(encoders, row, costs[row]) for row in rows]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
