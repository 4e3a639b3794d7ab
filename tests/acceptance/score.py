#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Renders a recording that says in every frame and sound what it is, and lets the scorer read it back:
score.py SOURCE_ROOT TOOL [--policy P] [--render WORD]… --seed N [options of make_torture.py]
With a policy: who talks must be seen, with the policy speaker as the largest camera."""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import shared

PYTHON = "/usr/bin/python3"
HOLD = 1  # s: the recording's people talk for 2.6 to 5.6 s each
LEAST_SEEN = 0.95  # of the time that somebody talks alone


def with_policy(tool, folder, policy):
    """The command that makes a job of the record, which is then given the policy."""
    job = folder / "job.json"
    command = [tool, "import", "mtslink", folder / "record.json", "-o", job]
    subprocess.run([str(word) for word in command], check=True)
    manifest = json.loads(job.read_text(encoding="utf-8"))
    manifest["layout"] = {"policy": policy, "speaker": {"hold": HOLD}}
    job.write_text(json.dumps(manifest), encoding="utf-8")
    return job


def not_seen(report, how):
    """Who talked alone without being seen, by the scorer's report; `how`: "visible", or "largest" of the cameras."""
    talkers = json.loads(report.read_text(encoding="utf-8"))["video"]["talker"]
    return {person: share for person, share in talkers.items() if share[how] < LEAST_SEEN}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("tool")
    parser.add_argument("--policy")
    parser.add_argument("--render", action="append", default=[], help="a word for rostrum render")
    arguments, options = parser.parse_known_args()
    check = shared.folder(arguments.source, "check")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        film, report, job = folder / "out.mp4", folder / "score.json", folder / "record.json"
        make = [PYTHON, check / "make_torture.py", folder, "--seconds", "60", *options]
        subprocess.run([str(word) for word in make], check=True)
        if arguments.policy:
            job = with_policy(arguments.tool, folder, arguments.policy)
        for command in ([arguments.tool, "render", job, "-o", film, "--progress", "none", *arguments.render],
                        [PYTHON, check / "score.py", folder / "truth.json", film, "--json", report]):
            status = subprocess.run([str(word) for word in command]).returncode
            if status:
                print(f"status {status} from: {' '.join(map(str, command))}")
                return 1
        # webinar shows the presenter large while nobody is on stage, and who speaks beside or over that
        unseen = not_seen(report, "largest" if arguments.policy == "speaker" else "visible") if arguments.policy else {}
        print(f"not seen while they talk: {unseen}" if unseen else "who talks is seen")
        return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
