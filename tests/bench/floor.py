# SPDX-License-Identifier: LGPL-2.1-or-later
"""The floor: the work that no renderer can leave out, each part done once by one thread.

Counted are whole processes, user and system time, start included:
  decode   each medium that the film uses, video and sound, from its first to its last packet; each slide once
  encode   the film's raw frames, read from a file, by x264enc as rostrum sets it up, into nothing
  sound    the film's raw sound, read from a file, by the AAC encoder that rostrum uses, into nothing
Not counted: scaling, composing, mixing, muxing.
"""
import os

import measure

# as in data/profiles/x264.json
X264ENC = ("x264enc pass=qual quantizer=23 vbv-buf-capacity=0 speed-preset=veryfast threads=1 sync-lookahead=0 "
           "rc-lookahead=10 dct8x8=true key-int-max=250 ! video/x-h264,profile=high,stream-format=avc,alignment=au "
           "! h264parse")
FFMPEG = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-filter_threads", "1"]


def decode_commands(film):
    nothing = ["-f", "null", os.devnull]
    for medium in film.media:
        yield [*FFMPEG, "-threads", "1", "-i", medium.path, *nothing]
    inputs, maps = [], []
    for n, still in enumerate(film.stills):
        inputs += ["-threads", "1", "-i", still.path]
        maps += ["-map", n]
    if inputs:
        yield [*FFMPEG, *inputs, *maps, *nothing]


def encode_command(film, raw):
    frame_bytes = film.width * film.height * 3 // 2
    return ["gst-launch-1.0", "-q", "filesrc", f"location={raw}", f"blocksize={frame_bytes}", "!",
            "rawvideoparse", "format=i420", f"width={film.width}", f"height={film.height}",
            f"framerate={film.rate}/1", "colorimetry=bt709", "!", *X264ENC.split(), "!", "fakesink", "sync=false"]


def sound_command(wave):
    return [*FFMPEG, "-i", wave, "-threads", "1", "-c:a", "aac", "-b:a", "128k", "-f", "null", os.devnull]


def measure_floor(film, folder, raw, wave):
    """The costs by part."""
    parts = {"decode": measure.Cost()}
    for command in decode_commands(film):
        parts["decode"] = parts["decode"].then(measure.run(command, folder, folder / "floor.log"))
    parts["encode"] = measure.run(encode_command(film, raw), folder, folder / "floor.log")
    parts["sound"] = measure.run(sound_command(wave), folder, folder / "floor.log")
    return parts
