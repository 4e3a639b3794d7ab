#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Render the demo: run_demo.py DIR TOOL.  Makes the recording in DIR unless it is there already."""
import json
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent


def main():
    folder, tool = pathlib.Path(sys.argv[1]), sys.argv[2]
    record, film = folder / "record.json", folder / "demo.mp4"
    if not record.exists():
        print("making the recording (once) …", file=sys.stderr)
        subprocess.run(["/usr/bin/python3", str(HERE / "make_demo.py"), str(folder)], check=True)
    begun = time.monotonic()
    status = subprocess.run([tool, "render", str(record), "-o", str(film), "--overwrite"]).returncode
    if status:
        return status
    wall = time.monotonic() - begun
    duration = json.loads(film.with_suffix(".report.json").read_text())["duration"]
    print(f"path      {film}\nduration  {duration:.2f} s\nsize      {film.stat().st_size / 1e6:.2f} MB\n"
          f"speed     {duration / wall:.1f} x real time ({wall:.1f} s)\nverify:", flush=True)
    return subprocess.run([tool, "verify", str(film), "--job", str(record)]).returncode


if __name__ == "__main__":
    sys.exit(main())
