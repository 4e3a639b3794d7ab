#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Renders one recording in every way there is and compares what that costs: bench.py SOURCE_ROOT TOOL FOLDER

The recording is kept in FOLDER; what the rows write is removed.  docs/performance.md says what each row does.
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import arguments
import editors
import ffmpeg_graph
import film as films
import floor
import measure
import recording
import table

ROWS = ("floor", "rostrum-core", "rostrum-1", "rostrum-all", "rostrum-verified", "ffmpeg", "melt", "ges")


def parse_options():
    parser = arguments.parser(__doc__)
    parser.add_argument("--seconds", type=int, default=120, help="length of the recording (35 MB of disk each)")
    parser.add_argument("--people", type=int, default=3)
    parser.add_argument("--runs", type=int, default=3, help="of every row, interleaved; the medians are shown")
    parser.add_argument("--only", choices=ROWS, action="append", help="this row; may be given more than once")
    options = parser.parse_args()
    if options.seconds < 10 or options.runs < 1 or options.people < 1:
        parser.error("a recording has at least 10 seconds and one person, and is rendered at least once")
    return options


class Bench:
    """One film, and the commands that make it."""

    def __init__(self, tool, job, folder):
        self.tool, self.job, self.folder = tool, job, folder
        self.film = films.load(tool, job)
        self.raw, self.wave = folder / "reference.yuv", folder / "reference.wav"
        self.parts = []  # of the floor, per run

    def make_reference(self):
        measure.run(ffmpeg_graph.reference_command(self.film, self.raw, self.wave), self.folder,
                    self.folder / "reference.log")

    def output(self, row):
        return self.folder / f"{row}.mp4"

    def command(self, row, scratch):
        output = self.output(row)
        if row.startswith("rostrum"):
            verify = "quick" if row == "rostrum-verified" else "off"
            core = ["taskset", "-c", str(min(os.sched_getaffinity(0)))] if row == "rostrum-core" else []
            return [*core, self.tool, "render", self.job, "-o", output, "--overwrite", "--verify", verify, "--progress", "none",
                    "--work", scratch / "work", *(["--jobs", "1"] if row in ("rostrum-core", "rostrum-1") else [])]
        if row == "ffmpeg":
            return ffmpeg_graph.film_command(self.film, output)
        if row == "melt":
            return editors.mlt_command(self.film, self.folder, output)
        return editors.ges_command(self.film, output)

    def measure(self, row):
        if row == "floor":
            self.parts.append(floor.measure_floor(self.film, self.folder, self.raw, self.wave))
            total = measure.Cost()
            for part in self.parts[-1].values():
                total = total.then(part)
            return total
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            scratch = pathlib.Path(scratch)
            self.output(row).unlink(missing_ok=True)
            return measure.run(self.command(row, scratch), scratch, self.folder / f"{row}.log")

    def frames(self, row):
        done = subprocess.run(["ffprobe", "-v", "error", "-count_packets", "-select_streams", "v", "-show_entries",
                               "stream=nb_read_packets", "-of", "csv=p=0", self.output(row)], check=True,
                              capture_output=True, text=True)
        return int(done.stdout.strip().rstrip(","))

    def similarity(self, row):
        """SSIM of the decoded film against the reference, over all planes and frames."""
        film = self.film
        done = subprocess.run(
            ["ffmpeg", "-nostdin", "-i", self.output(row), "-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size",
             f"{film.width}x{film.height}", "-framerate", str(film.rate), "-i", self.raw, "-lavfi",
             "[0:v][1:v]ssim", "-f", "null", os.devnull], capture_output=True, text=True, check=True)
        return float(re.search(r"SSIM.* All:([0-9.]+)", done.stderr).group(1))


def manifest_of(tool, record):
    job = record.with_name("job.json")
    subprocess.run([tool, "import", "mtslink", str(record), "-o", str(job), "--overwrite"], check=True)
    return job


def program(row):
    return {"melt": "melt", "ges": "ges-launch-1.0"}.get(row, "ffmpeg")


def measure_rows(bench, rows, runs):
    """Run after run, each of all the rows, so that a busy minute of the machine meets all of them."""
    costs = {row: [] for row in rows}
    for run in range(runs):
        for row in rows:
            print(f"run {run + 1}/{runs}: {row}", file=sys.stderr, flush=True)
            costs[row].append(bench.measure(row))
    return {row: measure.median(list_of) for row, list_of in costs.items()}


def judge(bench, row, cost):
    """A row of the table."""
    line = table.Line(row, cost)
    if row != "floor":
        line.output = bench.output(row).stat().st_size
        line.ssim = bench.similarity(row)
        if bench.frames(row) != bench.film.frames:
            line.note = f"{bench.frames(row)} frames instead of {bench.film.frames}"
    return line


def compare(bench, options):
    wanted = [row for row in ROWS if not options.only or row in options.only]
    absent = [row for row in wanted if not shutil.which(program(row))]
    rows = [row for row in wanted if row not in absent]
    bench.make_reference()
    costs = measure_rows(bench, rows, options.runs)
    lines = [judge(bench, row, costs[row]) for row in rows]
    cores = len(os.sched_getaffinity(0))
    print(table.heading(bench.film, options.runs, cores))
    print(table.rows(lines + [table.Line(row, None, note=f"{program(row)} is not installed") for row in absent]))
    if bench.parts:
        print(table.floor_parts(bench.parts))
    print(table.goals({line.row: line for line in lines}, cores))


def main():
    options = parse_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the gigabytes of raw frames are removed
    options.folder.mkdir(parents=True, exist_ok=True)
    folder = options.folder.resolve()
    record = recording.make(options.source_root.resolve(), folder, options.seconds, options.people)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        compare(Bench(options.tool, manifest_of(options.tool, record), pathlib.Path(scratch)), options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
