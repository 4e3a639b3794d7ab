# SPDX-License-Identifier: LGPL-2.1-or-later
"""Recordings as HLS: pictures that say their number, and a sound that clicks at each whole second."""
import pathlib
import subprocess
import wave

import numpy

import numbered

SOUND = 48000
CLICK = 480  # samples
SEGMENT = 2  # s


def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, words)], check=True)


def recording(path, first, seconds, silent=False, coding="closed"):
    """An MP4 of numbered pictures from `first` on; its sound clicks at 1 s, 2 s, …"""
    samples = numpy.zeros(seconds * SOUND, numpy.int16)
    for second in range(1, 0 if silent else seconds):
        tone = numpy.sin(numpy.arange(CLICK) * 2 * numpy.pi * 1000 / SOUND)
        samples[second * SOUND:second * SOUND + CLICK] = (20000 * tone).astype(numpy.int16)
    path = pathlib.Path(path)
    pictures, sound = path.with_suffix(".pictures.mp4"), path.with_suffix(".wav")
    numbered.make(pictures, first, seconds * numbered.RATE, numbered.CODINGS[coding])
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SOUND)
        file.writeframes(samples.tobytes())
    ffmpeg("-i", pictures, "-i", sound, "-c:v", "copy", "-c:a", "aac", path)
    return path


def hls(source, folder, *options, streams=()):
    """The recording in segments in a folder of its own, whose playlist is index.m3u8."""
    folder.mkdir()
    ffmpeg("-i", source, *streams, "-c", "copy", "-hls_time", SEGMENT, "-hls_playlist_type", "vod", *options,
           folder / "index.m3u8")
    return folder


def numbers(film):
    """The number of each picture and its time, as ffmpeg decodes them."""
    frames = subprocess.run(["ffmpeg", "-v", "error", "-i", film, "-map", "0:v", "-fps_mode", "passthrough", "-pix_fmt",
                             "yuv420p", "-f", "rawvideo", "-"], check=True, capture_output=True).stdout
    times = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "frame=pts_time", "-of",
                            "csv=p=0", film], check=True, capture_output=True, text=True).stdout.split()
    found = [numbered.number_of(frames[i:i + numbered.FRAME]) for i in range(0, len(frames), numbered.FRAME)]
    return list(zip(found, (float(time.strip(",")) for time in times), strict=True))


def clicks(film):
    """When the sound begins to be loud, in seconds of the film."""
    in_time = "aresample=async=1:min_hard_comp=0.001:first_pts=0"  # what is missing is silence
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", film, "-map", "0:a", "-af", in_time, "-ac", "1", "-ar", str(SOUND),
                          "-f", "s16le", "-"], check=True, capture_output=True).stdout
    loud = numpy.abs(numpy.frombuffer(raw, numpy.int16).astype(int)) > 6000
    at = numpy.flatnonzero(loud)
    begins = at[numpy.diff(at, prepend=-SOUND) > SOUND // 4]
    return [sample / SOUND for sample in begins]
