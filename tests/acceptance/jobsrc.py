#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What jobsrc shows is what render writes: jobsrc.py SOURCE_ROOT TOOL

Of a recording whose every frame says which it is, 40 frames after a seek are compared with the film's, and 500 seeks are made
in playbin3, in PAUSED and PLAYING, without waiting for most of them, after 60 starts.  Needs PyGObject and GST_PLUGIN_PATH.
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy as np

import shared

try:
    import gi
    gi.require_version("Gst", "1.0")
    from gi.repository import Gst
except (ImportError, ValueError):
    print("skipped: PyGObject with GStreamer is not there (Debian: python3-gi gir1.2-gstreamer-1.0)")
    sys.exit(shared.SKIPPED)

PYTHON = "/usr/bin/python3"
SECONDS, RATE, WIDTH, HEIGHT = 60, 25, 1280, 720
FRAMES, STARTS, SCRUBS = 40, 60, 500
LEAST_PSNR = 45
FRAME = Gst.SECOND // RATE
LONGEST = 20 * Gst.SECOND
GROWN = 120 << 20  # bytes resident: what allocators and caches keep, far less than 500 graphs


def make_film(source, tool, folder):
    """The film nearly without loss, so that what differs is not the encoder's."""
    profile = json.loads((source / "data/profiles/x264.json").read_text())
    profile["profiles"] = {"exact": profile["profiles"]["fast"] | {"quantizer": 2}}
    (folder / "profiles").mkdir()
    (folder / "profiles" / "x264.json").write_text(json.dumps(profile))
    subprocess.run([tool, "render", folder / "record.json", "-o", folder / "film.mp4", "--progress", "none",
                    "--profile-dir", folder / "profiles", "--profile", "exact"], check=True)


def film_frames(film, numbers):
    """The luma of these frames, by number, as ffmpeg decodes it."""
    chosen = "+".join(f"eq(n\\,{n})" for n in numbers)
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", film, "-vf", f"select={chosen}", "-vsync", "0", "-f", "rawvideo",
                          "-pix_fmt", "yuv420p", "-"], check=True, capture_output=True).stdout
    pictures = np.frombuffer(raw, np.uint8).reshape(len(numbers), -1)
    return {n: picture[:WIDTH * HEIGHT] for n, picture in zip(numbers, pictures)}


def psnr(a, b):
    error = np.mean((a.astype(np.float64) - b) ** 2)
    return 99.0 if error == 0 else 10 * np.log10(255 ** 2 / error)


class Player:
    def __init__(self, element, video):
        self.element, self.video = element, video

    def go_to(self, state):
        self.element.set_state(state)
        self.settle()

    def settle(self):
        result, state, pending = self.element.get_state(LONGEST)
        message = self.element.get_bus().pop_filtered(Gst.MessageType.ERROR)
        assert not message, message.parse_error()
        assert result == Gst.StateChangeReturn.SUCCESS, (result, state, pending)

    def seek(self, time, exact=True):
        flags = Gst.SeekFlags.FLUSH | (Gst.SeekFlags.ACCURATE if exact else Gst.SeekFlags.KEY_UNIT)
        assert self.element.seek_simple(Gst.Format.TIME, flags, time)

    def shown(self):
        """Number and luma of the frame that the sink has."""
        buffer = self.video.get_property("last-sample").get_buffer()
        luma = np.frombuffer(buffer.extract_dup(0, WIDTH * HEIGHT), np.uint8)
        return (buffer.pts + FRAME // 2) // FRAME, luma


def sink():
    made = Gst.ElementFactory.make("fakesink")
    made.set_property("sync", True)
    return made


def plain_player(record):
    pipeline = Gst.parse_launch(f"jobsrc name=j location={record} j.video ! fakesink name=v sync=true "
                                "j.audio ! fakesink sync=true")
    return Player(pipeline, pipeline.get_by_name("v"))


def playbin3(record):
    player, video = Gst.ElementFactory.make("playbin3"), sink()
    for name, value in (("uri", f"rostrum://{record}"), ("video-sink", video), ("audio-sink", sink())):
        player.set_property(name, value)
    return Player(player, video)


def compare(record, film):
    chosen = sorted(random.sample(range(SECONDS * RATE), FRAMES))
    wanted = film_frames(film, chosen)
    player = plain_player(record)
    player.go_to(Gst.State.PAUSED)
    worst = 99.0
    for number in random.sample(chosen, FRAMES):
        player.seek(number * FRAME)
        player.settle()
        shown, luma = player.shown()
        assert shown == number, (shown, number)
        alike = psnr(luma, wanted[number])
        assert alike >= LEAST_PSNR, f"frame {number}: {alike:.1f} dB"
        worst = min(worst, alike)
    player.go_to(Gst.State.NULL)
    print(f"{FRAMES} frames as in the film: at least {worst:.1f} dB")


def held():
    resident = int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task")), resident


def begin(record):
    """Its pads are there while the player's elements are still on their way to PAUSED."""
    for _ in range(STARTS):
        player = playbin3(record)
        player.go_to(Gst.State.PAUSED)
        player.go_to(Gst.State.NULL)
    print(f"{STARTS} starts")


def scrub(record):
    player = playbin3(record)
    player.go_to(Gst.State.PAUSED)
    before = held()
    for number in range(SCRUBS):
        if number % 125 == 0:
            player.go_to(Gst.State.PLAYING if number // 125 % 2 else Gst.State.PAUSED)
        time = random.randrange(SECONDS * Gst.SECOND)
        player.seek(time, exact=number % 2 == 0)
        if number % 10 == 9:
            player.settle()
        if number % 50 == 49 and number // 125 % 2 == 0:
            assert abs(player.shown()[0] - time // FRAME) <= 1, (player.shown()[0], time)
    player.go_to(Gst.State.PAUSED)
    player.seek(Gst.SECOND)
    player.settle()
    assert player.shown()[0] == RATE
    after = held()
    player.go_to(Gst.State.NULL)
    print(f"{SCRUBS} seeks; descriptors, threads, bytes: {before} before, {after} after")
    assert after[0] <= before[0] + 20 and after[1] <= before[1] + 20 and after[2] <= before[2] + GROWN


def main():
    source, tool = pathlib.Path(sys.argv[1]), str(pathlib.Path(sys.argv[2]).resolve())
    check = shared.folder(source, "check")
    Gst.init(None)
    if not Gst.ElementFactory.find("jobsrc"):
        print("GST_PLUGIN_PATH does not lead to jobsrc")
        return 1
    random.seed(8)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary).resolve()
        subprocess.run([PYTHON, check / "make_torture.py", folder, "--seconds", str(SECONDS), "--seed", "1"], check=True)
        make_film(source, tool, folder)
        compare(folder / "record.json", folder / "film.mp4")
        begin(folder / "record.json")
        scrub(folder / "record.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
