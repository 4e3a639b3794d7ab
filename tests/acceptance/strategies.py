#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Films with copied pictures and with stills against those in which every frame is encoded: strategies.py SOURCE_ROOT TOOL --seed N

The scorer reads each; their frames are shown at the same times, and what is copied are the medium's very packets.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import shared

PYTHON = "/usr/bin/python3"
SECONDS = 60


def run(*words):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True).stdout


def packets(path):
    """(time in ms, hash, is a key frame) of each packet of the picture, in order of decoding."""
    found = json.loads(run("ffprobe", "-v", "error", "-select_streams", "v", "-show_packets", "-show_data_hash", "MD5", "-of", "json",
                           path))["packets"]
    return [(round(1000 * float(p["pts_time"])), p["data_hash"], "K" in p["flags"]) for p in found]


def shown_at(path):
    return sorted(time for time, _, _ in packets(path))


def parameter_sets(path):
    """The sequence parameter sets (NAL units of type 7) that a decoder of the file gets."""
    stream = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:v", "-c", "copy", "-bsf:v", "h264_mp4toannexb",
                             "-f", "h264", "-"], check=True, capture_output=True).stdout
    units = stream.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")
    return {unit for unit in units if unit and unit[0] & 31 == 7}


class Recording:
    def __init__(self, tool, folder):
        self.tool, self.folder, self.job = tool, folder, folder / "job.json"
        run(tool, "import", "mtslink", folder / "record.json", "-o", self.job)

    def fit_to_presenter(self):
        """The canvas has the presenter's size; the cameras say nothing of their colours."""
        manifest = json.loads(self.job.read_text(encoding="utf-8"))
        manifest["canvas"]["size"] = "640x360"
        for asset in manifest["assets"].values():
            asset["colors"] = "bt709"
        self.job.write_text(json.dumps(manifest), encoding="utf-8")

    def render(self, name, *words):
        film = self.folder / f"{name}.mp4"
        run(self.tool, "render", self.job, "-o", film, "--progress", "none", *words)
        return film

    def chunks(self):
        return json.loads(run(self.tool, "plan", self.job, "--json"))["chunks"]


def torture(arguments, folder, check, *options):
    run(PYTHON, check / "make_torture.py", folder, "--seconds", SECONDS, "--seed", arguments.seed, *options)
    return Recording(arguments.tool, folder)


def score(check, recording, film):
    done = subprocess.run([PYTHON, check / "score.py", recording.folder / "truth.json", film], capture_output=True, text=True)
    assert done.returncode == 0, f"{film.name}: {done.stdout}"
    print(f"{film.name}: {done.stdout.splitlines()[-1]}")


def check_stills(arguments, folder, check):
    recording = torture(arguments, folder, check)
    constant, variable = recording.render("constant", "--rate", "constant"), recording.render("variable", "--rate", "variable")
    for film in (constant, variable):
        score(check, recording, film)
    every, some = shown_at(constant), shown_at(variable)
    assert len(every) == 25 * SECONDS, len(every)
    assert set(some) <= set(every) and some[0] == every[0], set(some) - set(every)
    print(f"stills: {len(some)} of {len(every)} frames")


def check_copies(recording, films):
    """Of the copied chunks, the share of packets that are the media's, key frames (which carry parameter sets) left out."""
    copied = [chunk for chunk in recording.chunks() if "copied" in chunk]
    frames = sum(end - first for chunk in copied for first, end in [chunk["frames"]])
    assert frames > 0, "nothing is copied"
    sources = {chunk["copied"] for chunk in copied}
    manifest = json.loads(recording.job.read_text(encoding="utf-8"))
    media = [recording.folder / manifest["assets"][asset]["uri"].removeprefix(recording.folder.as_uri() + "/") for asset in sources]
    known = {hash_ for medium in media for _, hash_, key in packets(medium) if not key}
    inside = [p for p in packets(films[0]) if not p[2]
              and any(40 * first <= p[0] < 40 * end for chunk in copied for first, end in [chunk["frames"]])]
    assert inside and all(hash_ in known for _, hash_, _ in inside), "a copied packet is not its medium's"
    for medium in media:
        assert parameter_sets(medium) <= parameter_sets(films[0]), f"{medium.name}: its parameter sets are not in the film"
    assert shown_at(films[0]) == shown_at(films[1]), "frames are shown at other times"
    print(f"copied: {frames} of {25 * SECONDS} frames, {len(inside)} packets compared, from {', '.join(sorted(sources))}")


def copies_of_torture(arguments, folder, check):
    recording = torture(arguments, folder, check, "--no-slides")
    recording.fit_to_presenter()
    films = recording.render("copied"), recording.render("encoded", "--no-copy")
    for film in films:
        score(check, recording, film)
    check_copies(recording, films)


def copies_of_webinar(arguments, folder, bench):
    run(PYTHON, bench / "make_webinar.py", folder, "--seconds", SECONDS, "--seed", arguments.seed, "--no-slides")
    recording = Recording(arguments.tool, folder)
    recording.fit_to_presenter()
    check_copies(recording, (recording.render("copied"), recording.render("encoded", "--no-copy")))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("tool")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    check, bench = shared.folder(arguments.source, "check"), shared.folder(arguments.source, "bench")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary).resolve()
        check_stills(arguments, folder / "slides", check)
        copies_of_torture(arguments, folder / "alone", check)
        copies_of_webinar(arguments, folder / "webinar", bench)
    return 0


if __name__ == "__main__":
    sys.exit(main())
