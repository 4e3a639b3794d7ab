# SPDX-License-Identifier: LGPL-2.1-or-later
"""A programme of grey slides: four chunks that are told apart by their first frame, and its frames' hashes."""
import json
import pathlib
import subprocess

SECONDS = 100
RATE = 5
FRAMES = SECONDS * RATE
GREYS = [60, 75, 90, 105, 120, 135, 150, 165, 180, 195]  # a slide each ten seconds; none as bright as a trial begins
CHUNKS = [(0, 150), (150, 300), (300, 450), (450, 500)]  # frames of each


def luma(chunk):
    """Of the chunk's first frame, BT.709 of limited range."""
    first_slide = CHUNKS[chunk][0] // RATE // 10
    return round(16 + GREYS[first_slide] * 219 / 255)


def drawing(grey):
    """Grey where its brightness is measured, in the middle, with what two encoders write differently above it."""
    discs = "".join(f'<circle cx="{20 * i}" cy="{30 + 7 * (i % 3)}" r="{4 + i}" fill="hsl({37 * i + grey},70%,50%)"/>'
                    for i in range(16))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180">'
            f'<rect width="320" height="180" fill="rgb({grey},{grey},{grey})"/>{discs}</svg>')


def make(folder):
    """Returns the job's path."""
    folder = pathlib.Path(folder)
    for grey in GREYS:
        (folder / f"{grey}.svg").write_text(drawing(grey))
    path = folder / "job.json"
    path.write_text(json.dumps({
        "rostrum": 1, "title": "Greys", "duration": SECONDS, "canvas": {"size": "160x90", "rate": f"{RATE}/1"},
        "assets": {f"s{grey}": {"uri": f"{grey}.svg"} for grey in GREYS},
        "tracks": [{"id": "deck", "kind": "slides", "clips": [
            {"asset": f"s{grey}", "start": 10 * i, "duration": 10} for i, grey in enumerate(GREYS)]}]}))
    return path


def pictures(film):
    """Time and MD5 of every frame, as ffmpeg decodes them."""
    lines = subprocess.run(["ffmpeg", "-v", "error", "-i", str(film), "-map", "0:v", "-f", "framemd5", "-"], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    frames = [line.split(",") for line in lines if not line.startswith("#")]
    return [(int(fields[2]), fields[5].strip()) for fields in frames]
