#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long a preview takes to its first picture and to the picture after a seek, and whether it plays in real time.

Usage: preview.py SOURCE_ROOT TOOL FOLDER [--seconds S] [--people N] [--seeks N] [--starts N]

A recording of two minutes, and one of hours that repeats it.  Needs PyGObject; docs/performance.md says what the figures mean.
"""
import argparse
import os
import pathlib
import random
import statistics
import subprocess
import sys
import time

import arguments
import recording
import scale
import table

SHORT, PLAYED = 120, 20  # s
PIPELINE = "jobsrc name=j j.video ! queue ! fakesink name=v sync=true qos=true j.audio ! queue ! fakesink sync=true"


def parse_options():
    parser = arguments.parser(__doc__)
    parser.add_argument("--seconds", type=int, default=10800, help="length of the long recording")
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--seeks", type=int, default=60)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--measure", type=pathlib.Path, help=argparse.SUPPRESS)  # in a process of its own
    return parser.parse_args()


class Player:
    def __init__(self, gst, record, tool):
        self.gst, self.pipeline = gst, gst.parse_launch(PIPELINE)
        job = self.pipeline.get_by_name("j")
        job.set_property("location", str(record))
        job.set_property("program", tool)
        self.frames = 0
        pad = self.pipeline.get_by_name("v").get_static_pad("sink")
        pad.add_probe(gst.PadProbeType.BUFFER, self.count)

    def count(self, *_):
        self.frames += 1
        return self.gst.PadProbeReturn.OK

    def timed(self, act):
        begun = time.monotonic()
        act()
        result = self.pipeline.get_state(60 * self.gst.SECOND)[0]
        assert result == self.gst.StateChangeReturn.SUCCESS, result
        return 1000 * (time.monotonic() - begun)

    def start(self):
        return self.timed(lambda: self.pipeline.set_state(self.gst.State.PAUSED))

    def seek(self, at):
        flags = self.gst.SeekFlags.FLUSH | self.gst.SeekFlags.ACCURATE
        return self.timed(lambda: self.pipeline.seek_simple(self.gst.Format.TIME, flags, at))

    def play(self, seconds):
        """Frames that the sink showed in so many seconds; those that came too late are not."""
        sink = self.pipeline.get_by_name("v")
        before = sink.get_property("stats").get_value("rendered")
        self.timed(lambda: self.pipeline.set_state(self.gst.State.PLAYING))
        time.sleep(seconds)
        return sink.get_property("stats").get_value("rendered") - before


def measure(options):
    """Prints the milliseconds of the start, the seeks, and the frames played."""
    import gi
    gi.require_version("Gst", "1.0")
    from gi.repository import Gst
    Gst.init(None)
    player = Player(Gst, options.measure, options.tool)
    print(player.start())
    if options.seeks:
        length = player.pipeline.query_duration(Gst.Format.TIME)[1]
        generator = random.Random(8)
        print(*(player.seek(generator.randrange(length - PLAYED * Gst.SECOND)) for _ in range(options.seeks)))
        print(player.play(PLAYED))
    player.pipeline.set_state(Gst.State.NULL)


def run(options, record, seeks):
    words = [sys.executable, __file__, options.source_root, options.tool, options.folder, "--seeks", seeks, "--measure", record]
    done = subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True)
    return [[float(figure) for figure in line.split()] for line in done.stdout.splitlines()]


def row(options, name, seconds, record):
    starts = [run(options, record, 0)[0][0] for _ in range(options.starts)]
    _, seeks, played = run(options, record, options.seeks)
    seeks.sort()
    return [name, f"{seconds}", f"{starts[0]:.0f}", f"{statistics.median(starts):.0f}", f"{statistics.median(seeks):.0f}",
            f"{seeks[len(seeks) * 9 // 10]:.0f}", f"{seeks[-1]:.0f}", f"{played[0] / PLAYED:.1f}"]


def main():
    options = parse_options()
    options.tool = str(pathlib.Path(options.tool).resolve())
    if options.measure:
        return measure(options)
    if subprocess.run([sys.executable, "-c", "import gi; gi.require_version('Gst', '1.0')"], capture_output=True).returncode:
        print("PyGObject is not there (Debian: python3-gi gir1.2-gstreamer-1.0)")
        return 77
    build = pathlib.Path(options.tool).parents[1]
    os.environ |= {"GST_PLUGIN_PATH": str(build / "plugins" / "module"), "GST_REGISTRY": str(build / "registry-plugin.bin")}
    options.folder.mkdir(parents=True, exist_ok=True)
    folder = options.folder.resolve()
    short = recording.make(options.source_root.resolve(), folder, SHORT, options.people)
    long, sessions = scale.repeat(short, options.seconds)
    rows = [row(options, name, seconds, record)
            for name, seconds, record in (("short", SHORT, short), ("long", options.seconds, long))]
    print(f"\n{options.people} people, {sessions} sessions in the long record, {options.seeks} seeks\n")
    print(table.markdown(["record", "seconds", "first start ms", "start ms", "seek ms", "9 of 10", "longest", "frames/s"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
