#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes the demo's recording and renders it as a record and as a manifest: demo.py SOURCE_ROOT TOOL

Both say the same, one with pictures of the slides and one with the deck's pages, so the films must agree.
Then what the README does with the recording is done, renders for their first two seconds only.
"""
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile

import numpy as np

SIZE = (160, 90)


def pictures(film):
    """One small picture per second of the film."""
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", str(film), "-an", "-vf",
                          f"select=not(mod(n\\,25)),scale={SIZE[0]}:{SIZE[1]}:flags=area", "-fps_mode", "passthrough",
                          "-pix_fmt", "gray", "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, SIZE[1], SIZE[0]).astype(float)


def samples(film):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", str(film), "-vn", "-ac", "1", "-f", "f32le", "-"],
                         capture_output=True, check=True).stdout
    return np.frombuffer(raw, "<f4")


def check_muted(film, record):
    """Anna types while her microphone is off; Pavel does not yet speak in the first 0.15 s of that."""
    off = next(e["relativeTime"] for e in record["eventLogs"] if e["module"] == "conference.update")
    sound = samples(film)
    # ffmpeg plays the last packet to its end, whatever the edit list says
    assert 0 <= len(sound) - record["duration"] * 48000 < 1024, f"{len(sound)} samples"
    quiet = np.abs(sound[round((off + 0.02) * 48000):round((off + 0.15) * 48000)]).max()
    assert quiet < 0.02, f"heard while muted: {quiet}"


ENDLESS = {"--preview", "--web", "preview", "record"}  # a window, a page, a recording until Ctrl-C


def check_readme(source, tool, recording):
    """The commands of README.md that are about the demo, in a folder that has it as the source tree has."""
    text = (pathlib.Path(source) / "README.md").read_text()
    lines = [shlex.split(line, comments=True) for line in text.splitlines() if line.startswith("./dev rostrum ")]
    ran = 0
    with tempfile.TemporaryDirectory() as temporary:
        (pathlib.Path(temporary) / "build").mkdir()
        (pathlib.Path(temporary) / "build/demo").symlink_to(recording)
        for words in (line[2:] for line in lines):
            if "build/demo/record.json" not in words or ENDLESS & set(words):
                continue
            more = {"render": ["--to", "2", "--progress", "none"], "verify": ["--to", "2"]}.get(words[0], [])
            done = subprocess.run([tool, *words, *more], cwd=temporary, capture_output=True, text=True)
            assert done.returncode == 0, (words, done.stdout, done.stderr)
            ran += 1
    assert ran >= 8, f"only {ran} of {len(lines)} commands are about the demo"


def main():
    source, tool = (str(pathlib.Path(word).resolve()) for word in sys.argv[1:])
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        subprocess.run(["/usr/bin/python3", f"{source}/data/demo/make_demo.py", str(folder)], check=True)
        films = {}
        for name in ("record", "job"):
            film = folder / f"{name}.mp4"
            subprocess.run([tool, "render", str(folder / f"{name}.json"), "-o", str(film), "--progress", "none"], check=True)
            subprocess.run([tool, "verify", str(film), "--job", str(folder / f"{name}.json")], check=True)
            films[name] = pictures(film)
        record = json.loads((folder / "record.json").read_text())
        check_muted(folder / "record.mp4", record)
        check_readme(source, tool, folder)
        assert films["record"].shape == films["job"].shape == (int(record["duration"]), SIZE[1], SIZE[0])
        apart = np.abs(films["record"] - films["job"]).mean(axis=(1, 2))
        assert apart.max() < 6, f"the films differ at second {apart.argmax()} by {apart.max():.1f}"
        assert all(picture.std() > 5 for picture in films["record"][1:]), "a picture is plain"
    return 0


if __name__ == "__main__":
    sys.exit(main())
