#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plans and renders a recording of hours and compares what that costs with one of minutes.

Usage: scale.py SOURCE_ROOT TOOL FOLDER [--seconds S] [--people N] [--short S] [--full]

The long recording repeats the short one, media by reference; docs/performance.md says what the figures mean.
"""
import json
import pathlib
import sys
import tempfile

import arguments
import measure
import recording
import table

MEGA = 1e6


def parse_options():
    parser = arguments.parser(__doc__)
    parser.add_argument("--seconds", type=int, default=10800, help="length of the long recording")
    parser.add_argument("--short", type=int, default=120, help="length of the short recording, which is repeated")
    parser.add_argument("--people", type=int, default=23)
    parser.add_argument("--full", action="store_true", help="at full size; otherwise drafts, which take a fifth of the time")
    options = parser.parse_args()
    return options


def shifted(event, round_number, length):
    """The event as it happens in that round; sessions are new ones, streams and people the same."""
    copy = json.loads(json.dumps(event))
    copy["relativeTime"] = round(copy["relativeTime"] + round_number * length, 2)
    if copy["module"].startswith("mediasession."):
        copy["data"]["id"] += round_number * 1_000_000
    return copy


def repeat(record, seconds):
    """The long record, beside the short one."""
    short = json.loads(record.read_text())
    length = short["duration"]
    events = [shifted(event, n, length) for n in range(-(-seconds // int(length))) for event in short["eventLogs"]
              if n == 0 or event["module"].startswith(("mediasession.", "presentation."))]
    events = [event for event in events if event["relativeTime"] < seconds]
    path = record.with_name(f"record-{seconds}s.json")
    path.write_text(json.dumps({"name": "long", "duration": seconds, "eventLogs": events}))
    sessions = sum(event["module"] == "mediasession.add" for event in events)
    return path, sessions


class Scale:
    def __init__(self, options, folder):
        self.options, self.out = options, folder / "film.mp4"
        self.folder = folder / "scratch"
        self.folder.mkdir()

    def run(self, *words):
        return measure.run([self.options.tool, *words], self.folder, self.folder / "log")

    def plan(self, record):
        return self.run("plan", record)

    def render(self, record):
        draft = [] if self.options.full else ["--draft"]
        cost = self.run("render", record, "-o", self.out, "--overwrite", "--progress", "none", "--verify", "off",
                        "--work", self.folder / "work", *draft)
        return cost, json.loads(self.out.with_suffix(".report.json").read_text())


def row(name, seconds, planning, cost, report):
    steps = report["timings"]
    around = sum(steps[step] for step in ("probe", "plan", "assemble"))
    return [name, f"{seconds}", f"{planning.wall:.2f}", f"{cost.wall:.1f}", f"{cost.cpu:.1f}",
            f"{cost.parent / MEGA:.0f}", f"{cost.children / MEGA:.0f}", f"{cost.scratch / report['bytes']:.2f}",
            f"{100 * around / cost.wall:.1f}"]


def main():
    options = parse_options()
    options.folder.mkdir(parents=True, exist_ok=True)
    root, folder = options.source_root.resolve(), options.folder.resolve()
    short = recording.make(root, folder, options.short, options.people)
    long, sessions = repeat(short, options.seconds)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        scale = Scale(options, pathlib.Path(scratch))
        rows = [row(name, seconds, scale.plan(record), *scale.render(record))
                for name, seconds, record in (("short", options.short, short), ("long", options.seconds, long))]
    print(f"\n{options.people} people, {sessions} sessions in the long record, {'full size' if options.full else 'drafts'}\n")
    print(table.markdown(["record", "seconds", "plan s", "wall s", "CPU s", "parent MB", "worker MB", "scratch/output",
                          "% before and after"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
