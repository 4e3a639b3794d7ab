#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Renders a recording that says in every frame and sound what it is, and lets the scorer read it back:
score.py SOURCE_ROOT TOOL --seed N [options of make_torture.py]"""
import pathlib
import subprocess
import sys
import tempfile

import shared

PYTHON = "/usr/bin/python3"


def main():
    source, tool, *options = sys.argv[1:]
    check = shared.folder(source, "check")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        film = folder / "out.mp4"
        for command in ([PYTHON, check / "make_torture.py", folder, "--seconds", "60", *options],
                        [tool, "render", folder / "record.json", "-o", film, "--progress", "none"],
                        [PYTHON, check / "score.py", folder / "truth.json", film]):
            status = subprocess.run([str(word) for word in command]).returncode
            if status:
                print(f"status {status} from: {' '.join(map(str, command))}")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
