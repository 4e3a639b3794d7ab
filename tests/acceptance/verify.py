#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Good films of real and of machine-readable recordings, which verify must let pass: verify.py SOURCE_ROOT TOOL KIND [--seed N]

KIND is `webinar` (real faces, speech and slides), `marks` (the scorer's recordings) or `meeting` (each real meeting medium alone).
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import shared

PYTHON = "/usr/bin/python3"


def run(*words, **keys):
    return subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, **keys)


def jobs(kind, source, seed, folder):
    """Paths of jobs or records, made in the folder."""
    if kind == "meeting":
        for n, medium in enumerate(sorted((shared.folder(source, "corpus") / "1-meeting").iterdir())):
            job = folder / f"job{n}.json"
            job.write_text(json.dumps({
                "rostrum": 1, "duration": 12, "canvas": {"size": "640x360"}, "people": [{"id": "anna", "role": "presenter"}],
                "assets": {"medium": {"uri": medium.as_uri()}},
                "tracks": [{"id": "anna", "kind": "camera", "person": "anna", "clips": [{"asset": "medium", "start": 1}]}]}))
            yield medium.name, job, ["--allow-root", medium.parent]
        return
    maker = {"webinar": shared.folder(source, "bench") / "make_webinar.py",
             "marks": shared.folder(source, "check") / "make_torture.py"}[kind]
    run(PYTHON, maker, folder, "--seconds", 60, "--seed", seed, check=True)
    yield f"{kind} {seed}", folder / "record.json", []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("tool")
    parser.add_argument("kind", choices=("webinar", "marks", "meeting"))
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary).resolve()
        for name, job, roots in jobs(arguments.kind, arguments.source, arguments.seed, folder):
            film = folder / "film.mp4"
            done = run(arguments.tool, "render", job, *roots, "-o", film, "--overwrite", "--progress", "none", "--verify", "off",
                       capture_output=True, text=True)
            if done.returncode == 5:  # nothing of it can be played
                continue
            verified = run(arguments.tool, "verify", film, "--job", job, *roots, "--json", capture_output=True, text=True)
            report = json.loads(verified.stdout) if verified.stdout else {}
            faults = [f["text"] for f in report.get("findings", []) if not f["ok"]]
            print(f"{name}: {report.get('verdict', verified.stderr)} {faults or ''}", flush=True)
            wrong += done.returncode != 0 or verified.returncode != 0
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
