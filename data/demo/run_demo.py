#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Render the demo: run_demo.py DIR TOOL.  Makes the recording in DIR unless it is there already."""
import json
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent


def figures(tool, film):
    """What verify found in the film, and whether all of it is right."""
    done = subprocess.run([tool, "verify", str(film), "--json"], stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout or "{}"), done.returncode


def flat(value, name=""):
    """The leaves of a JSON value as (path, leaf)."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        yield name, ", ".join(str(item) for item in value) or "none"
    else:
        yield name, value


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
    found, status = figures(tool, film)
    duration = json.loads(record.read_text())["duration"]
    print(f"path      {film}\nduration  {duration:.2f} s\nsize      {film.stat().st_size / 1e6:.2f} MB\n"
          f"speed     {duration / wall:.1f} x real time ({wall:.1f} s)\nverify    {'right' if status == 0 else 'WRONG'}")
    for name, leaf in flat(found):
        print(f"  {name:24} {leaf}")
    return status


if __name__ == "__main__":
    sys.exit(main())
