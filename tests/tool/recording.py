# SPDX-License-Identifier: LGPL-2.1-or-later
"""Small media and jobs for tests of the tool, and witnesses that are not the tool itself."""
import json
import pathlib
import subprocess


def launch(*words):
    subprocess.run(["gst-launch-1.0", "-q", *" ".join(words).split()], check=True, stdin=subprocess.DEVNULL)


def camera(path, seconds, pattern="smpte", frequency=440, size="320x180", rate=25):
    """An MP4 of a test picture with a tone: H.264 with B-frames, AAC."""
    width, height = size.split("x")
    launch(f"mp4mux name=m ! filesink location={path}",
           f"videotestsrc pattern={pattern} num-buffers={seconds * rate} !",
           f"video/x-raw,width={width},height={height},framerate={rate}/1 ! x264enc speed-preset=ultrafast"
           f" bframes=2 b-adapt=false key-int-max={2 * rate} ! m.",
           f"audiotestsrc freq={frequency} samplesperbuffer=960 num-buffers={seconds * 50} !",
           "audio/x-raw,rate=48000,channels=1 ! avenc_aac ! aacparse ! m.")


def slide(path, colour):
    launch(f"videotestsrc pattern=solid-color foreground-color={colour} num-buffers=1 !",
           f"video/x-raw,width=640,height=360 ! pngenc ! filesink location={path}")


def meeting(folder, seconds=6.4):
    """Two people, a slide; `seconds` long.  Returns the path of its job."""
    folder = pathlib.Path(folder)
    camera(folder / "anna.mp4", 7)
    camera(folder / "boris.mp4", 2, pattern="ball", frequency=880)
    slide(folder / "slide.png", 0xFF2040A0)
    job = folder / "job.json"
    job.write_text(json.dumps({
        "rostrum": 1, "title": "Встреча", "duration": seconds,
        "people": [{"id": "anna", "name": "Anna", "role": "presenter"}, {"id": "boris"}],
        "assets": {"anna": {"uri": "anna.mp4"}, "boris": {"uri": "boris.mp4"}, "slide": {"uri": "slide.png"}},
        "tracks": [
            {"id": "anna", "kind": "camera", "person": "anna", "clips": [{"asset": "anna", "start": 0}]},
            {"id": "boris", "kind": "camera", "person": "boris", "clips": [{"asset": "boris", "start": 1.5}]},
            {"id": "deck", "kind": "slides", "clips": [{"asset": "slide", "start": 1, "duration": seconds - 2}]}]}))
    return job


def streams(film):
    """Stream fields as ffprobe sees them, by codec type; frames are counted by decoding."""
    out = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", str(film)],
                         check=True, capture_output=True, text=True).stdout
    return {s["codec_type"]: s for s in json.loads(out)["streams"] if s["codec_type"] != "data"}


def samples(film):
    """Samples per channel that ffmpeg decodes."""
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", str(film), "-vn", "-ac", "1", "-f", "s16le", "-"],
                         check=True, capture_output=True).stdout
    return len(raw) // 2


def frame_hashes(film):
    return subprocess.run(["ffmpeg", "-v", "error", "-i", str(film), "-map", "0:v", "-map", "0:a", "-f", "framemd5",
                           "-"], check=True, capture_output=True, text=True).stdout
