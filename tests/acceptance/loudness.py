#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Real speech comes out as loud, and with as small a range, as a job wants it: loudness.py SOURCE_ROOT ROSTRUM

ffmpeg's ebur128 is the witness, on the finished film.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import shared

SPEECH = ("ami-trn02.wav", "deepspeech-ru.wav", "codec2-hts1a.wav")
GAINS = (22, -3, -6)  # as recorded they are at -51, -33 and -23 LUFS
PEAK = -1


def job(media, target, level, most, noise):
    """Each voice after the other."""
    tracks, at = [], 1.0
    for i, (path, seconds) in enumerate(media):
        tracks.append({"id": f"mic-{i}", "kind": "microphone", "person": f"p{i}", "gain": GAINS[i],
                       "clips": [{"asset": f"a{i}", "start": at, "duration": seconds}]})
        at += seconds + 0.5
    return {"rostrum": 1, "duration": at, "canvas": {"size": "320x180"},
            "people": [{"id": f"p{i}"} for i in range(len(media))],
            "assets": {f"a{i}": {"uri": path.name} for i, (path, _) in enumerate(media)}, "tracks": tracks,
            "audio": {"loudness": target, "true-peak": PEAK, "level": level, "range": most} | noise}


def witness(film):
    said = subprocess.run(["ffmpeg", "-nostats", "-i", film, "-filter_complex", "ebur128=peak=true", "-f", "null", "-"],
                          capture_output=True, text=True, check=True).stderr
    summary = said[said.rindex("Summary:"):]
    return [float(re.search(what, summary)[1]) for what in
            (r"I:\s+(\S+) LUFS", r"Peak:\s+(\S+) dBFS", r"LRA:\s+(\S+) LU")]


def seconds_of(path):
    said = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path],
                          capture_output=True, text=True, check=True).stdout
    return min(float(said), 40.0)


def main():
    corpus = shared.folder(sys.argv[1], "corpus/4-speech")
    wrong = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        media = []
        for name in SPEECH:
            (folder / name).write_bytes((corpus / name).read_bytes())
            media.append((folder / name, seconds_of(folder / name)))
        for target, level, most, noise in (
                (-16, "off", "off", {}), (-23, "off", "off", {}), (-16, "speech", "off", {}), (-16, "off", 8, {}),
                (-23, "off", 5, {}), (-16, "speech", 6, {}),
                (-20, "off", "off", {"high-pass": 80, "gate": -12, "noise-suppression": "moderate"})):
            (folder / "job.json").write_text(json.dumps(job(media, target, level, most, noise)))
            film = folder / "film.mp4"
            subprocess.run([sys.argv[2], "render", folder / "job.json", "-o", film, "--overwrite"], check=True,
                           env=os.environ | {"XDG_CACHE_HOME": temporary})
            integrated, peak, spread = witness(film)
            report = json.loads((folder / "film.report.json").read_text())["loudness"]
            good = abs(integrated - target) <= 0.5 and peak <= PEAK + 0.1 and abs(report["integrated"] - integrated) <= 0.1
            good = good and (most == "off" or spread <= most + 1)
            wrong += not good
            print(f"{'ok' if good else 'WRONG'}  wanted {target} LUFS, level {level}, range {most}, {noise}: "
                  f"{integrated} LUFS, {peak} dBTP, {spread} LU; report {report}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
