#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs every gst-launch-1.0 line of the documentation: launch_lines.py SOURCE_ROOT

The lines run in a folder that holds camera.mp4, talk.mp4, deck.pdf, slide.png, job.json and two-cameras.json, and in build/demo
what stands for the demo's recording; a window or a loudspeaker is replaced by fakesink.  A line must end by itself with status 0, and each file that it
names as a sink's location must then hold something.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TIMEOUT = 30
# GstBin can lose EOS (gst_bin_post_message): the thread that commits PAUSED tells gst-launch
# before it clears posted_playing, which gst-launch's change to PLAYING may have set meanwhile.  On a busy machine
# one in twenty lines with two decodebins hangs so, with input-selector as well.  A line's own hang stays one.
TRIES = 4
SECONDS = 4


def lines_of(path):
    """The launch lines in a page's fenced blocks, or in a source file's documentation comment.

    A line goes on after a backslash; in a comment, whose lines may be wrapped, to the block's end.
    """
    text = path.read_text()
    if path.suffix == ".cpp":
        text = "\n".join(re.sub(r"^ \* ?", "", line) for line in text.split("\n") if line.startswith(" *"))
        blocks = re.findall(r"\|\[(.*?)\]\|", text, re.S)
        lines = [line for block in blocks for line in re.split(r"\s(?=gst-launch-1\.0 )", " ".join(block.replace("\\\n", " ").split()))]
    else:
        lines = "\n".join(re.findall(r"^```[^\n]*\n(.*?)^```", text, re.S | re.M)).replace("\\\n", " ").split("\n")
    words = (" ".join(line.split()).removeprefix("$ ").removeprefix("./dev env ") for line in lines)
    return [line for line in words if line.startswith("gst-launch-1.0 ")]


def documents(root):
    pages = [root / "README.md", *sorted((root / "docs").rglob("*.md"))]
    return pages + sorted((root / "plugins").glob("*/*.cpp"))


def launch(folder, line):
    subprocess.run(f"gst-launch-1.0 -q {line}", shell=True, cwd=folder, check=True, timeout=TIMEOUT)


def prepare(folder, root):
    """Small media under the names that the documentation uses."""
    for name, pattern, pitch in (("camera", "ball", 330), ("talk", "smpte", 440)):
        launch(folder, f"videotestsrc pattern={pattern} num-buffers={SECONDS * 25} "
                       "! video/x-raw,format=I420,width=640,height=360,framerate=25/1 ! x264enc speed-preset=ultrafast "
                       f"! mp4mux name=m ! filesink location={name}.mp4 audiotestsrc freq={pitch} samplesperbuffer=480 "
                       f"num-buffers={SECONDS * 100} ! audio/x-raw,rate=48000,channels=1 ! avenc_aac ! m.")
    sys.path.insert(0, str(root / "data/demo"))
    import svg
    svg.write_pdf(folder / "deck.pdf", [p.read_text() for p in sorted((root / "data/demo/deck").glob("*.svg"))], 960, 540)
    subprocess.run(["pdftocairo", "-png", "-singlefile", "-f", "2", "-scale-to-x", "1280", "-scale-to-y", "720",
                    "deck.pdf", "slide"], cwd=folder, check=True)
    (folder / "job.json").write_text(json.dumps(JOB))
    shutil.copy(root / "docs/examples/two-cameras.json", folder)
    demo = folder / "build/demo"
    demo.mkdir(parents=True)
    for name, copy in (("camera.mp4", "anna-1.mp4"), ("talk.mp4", "pavel.mp4"), ("deck.pdf", "deck.pdf")):
        shutil.copy(folder / name, demo / copy)
    (demo / "job.json").write_text(json.dumps(JOB).replace('"camera.mp4"', '"anna-1.mp4"').replace('"talk.mp4"', '"pavel.mp4"')
                                   .replace('"id": "camera"', '"id": "anna"'))


JOB = {
    "rostrum": 1,
    "assets": {"camera": {"uri": "camera.mp4"}, "talk": {"uri": "talk.mp4"}, "deck": {"uri": "deck.pdf"}},
    "tracks": [
        {"id": "camera", "kind": "camera", "clips": [{"asset": "camera", "start": 0.5, "duration": 2}]},
        {"id": "talk", "kind": "camera", "clips": [{"asset": "talk", "start": 1, "in": 0.5, "duration": 2}]},
        {"id": "slides", "kind": "slides", "clips": [{"asset": "deck", "page": 1, "start": 0, "duration": 2},
                                                     {"asset": "deck", "page": 2, "start": 2, "duration": 2}]}],
}


def finished(folder, line):
    """The process of the first run that ended in time, or None."""
    for _ in range(TRIES):
        try:
            return subprocess.run(["bash", "-c", f"exec {line}"], cwd=folder, capture_output=True, text=True, timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            print(f"has not ended after {TIMEOUT} s: {line}")
    return None


def problem(folder, line):
    """What is wrong with a line, or None."""
    line = re.sub(r"\bauto(video|audio)sink\b", "fakesink", line)
    done = finished(folder, line)
    if not done:
        return f"has not ended after {TIMEOUT} s, {TRIES} times"
    if done.returncode:
        return f"status {done.returncode}\n{done.stdout[-1000:]}{done.stderr[-3000:]}"
    for name in re.findall(r"\bfilesink\b[^!]*?\blocation=(\S+)", line):
        if not (folder / name).is_file() or (folder / name).stat().st_size == 0:
            return f"{name} was not written"
    return None


def main():
    root = pathlib.Path(sys.argv[1])
    failed = seen = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        prepare(folder, root)
        for page in documents(root):
            for line in lines_of(page) if page.exists() else []:
                seen += 1
                wrong = problem(folder, line)
                failed += wrong is not None
                print(f"{'FAIL' if wrong else 'ok'}  {page.relative_to(root)}: {line}" + (f"\n      {wrong}" if wrong else ""))
    print(f"{seen} lines, {failed} wrong")
    return 1 if failed else 0 if seen else 77


if __name__ == "__main__":
    sys.exit(main())
