#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Make a small webinar of our own: make_demo.py OUT_DIR

Two people (one speaks English, one Russian, by espeak-ng), their cameras, a shared screen and a deck.
OUT_DIR gets record.json (MTS Link shape; slides are pictures) and job.json (a manifest; slides are pages
of deck.pdf), with the media beside them.  Needs espeak-ng, gst-launch-1.0, pdftocairo, librsvg, numpy.
"""
import argparse
import concurrent.futures
import dataclasses
import functools
import json
import math
import pathlib
import subprocess
import tempfile
import wave

import numpy as np

import events
import pictures
import svg

HERE = pathlib.Path(__file__).resolve().parent
SOUND_RATE = 22050
CAMERA_RATE = 25
SCREEN_RATE = 10
VOICES = {"anna": ("en-us+f3", "155"), "pavel": ("ru", "150")}
TALK = [  # (who, text, slide that appears as it begins)
    ("anna", "Hello, and welcome! This little webinar was made by a script, so every second of it is known.", 1),
    ("anna", "In a webinar everybody is recorded apart, and a log says who was there, and when.", 2),
    ("pavel", "Здравствуйте! Меня зовут Павел. Камеры, микрофоны, слайды и экран — отдельные файлы. "
              "Если файл повреждён, на его месте будет тишина, но время не сдвинется.", 3),
    ("anna", "Let me show you. One command makes the plan, the next one renders it. "
             "Below are the tracks, and the line that runs over them is the time.", None),
    ("pavel", "И ни одна секунда не потеряна.", 4),
    ("anna", "That is all. Thank you for watching, and goodbye!", 5),
    ("pavel", "До свидания!", None),
]
SCREEN_TALK = 3  # the entry of TALK that the shared screen goes with
PAUSE = 0.6
LOUDNESS = 0.1  # root mean square of each utterance


@dataclasses.dataclass(frozen=True)
class Session:
    """One medium: who or what is in it, and its place on the recording's axis in seconds."""
    file: str
    person: str
    start: float
    end: float


# --- sound ---------------------------------------------------------------------------------------------

def speak(n, scratch):
    """The samples of the n-th utterance."""
    person, text, _ = TALK[n]
    voice, speed = VOICES[person]
    path = pathlib.Path(scratch) / f"speech-{n}.wav"
    subprocess.run(["espeak-ng", "-v", voice, "-s", speed, "-w", str(path), text], check=True)
    with wave.open(str(path)) as f:
        samples = np.frombuffer(f.readframes(f.getnframes()), "<i2").astype(np.float32)
    return samples * np.float32(LOUDNESS / np.sqrt(np.mean(samples ** 2)))


def place(spoken):
    """The start of each utterance and the end of the recording."""
    starts, t = [], 2.0
    for samples in spoken:
        starts.append(round(t, 2))
        t += len(samples) / SOUND_RATE + PAUSE
    return starts, float(math.ceil(t + 1.5))


def voice_track(person, spoken, starts, total):
    """One person's microphone over the whole recording."""
    out = np.random.default_rng(1).normal(0, 0.0008, round(total * SOUND_RATE)).astype(np.float32)
    for (who, _, _), samples, start in zip(TALK, spoken, starts):
        at = round(start * SOUND_RATE)
        if who == person:
            out[at:at + len(samples)] += samples
    return out


def with_typing(voice, first, last):
    """Key strokes, which a right rendering keeps silent: the microphone is muted there."""
    track, noise = voice.copy(), np.random.default_rng(2)
    click = noise.normal(0, 0.4, 400).astype(np.float32) * np.exp(-np.arange(400, dtype=np.float32) / 60)
    for t in np.arange(first, last, 0.17):
        at = round(t * SOUND_RATE)
        track[at:at + click.size] += click
    return track


# --- media ---------------------------------------------------------------------------------------------

def write_wav(path, samples):
    with wave.open(str(path), "wb") as f:
        f.setnchannels(1)
        f.setsampwidth(2)
        f.setframerate(SOUND_RATE)
        f.writeframes(np.clip(samples * 32767, -32768, 32767).astype("<i2").tobytes())


def encode(path, size, rate, frames, sound=None):
    """Write the BGRx frames, and the WAV file if there is one, as an MP4."""
    width, height = size
    line = ["gst-launch-1.0", "-q", "mp4mux", "name=mux", "!", "filesink", f"location={path}",
            "fdsrc", "!", "rawvideoparse", "format=bgrx", f"width={width}", f"height={height}", f"framerate={rate}/1",
            "!", "videoconvert", "!", "video/x-raw,format=I420,colorimetry=bt709",
            "!", "x264enc", "speed-preset=superfast", "pass=qual", "quantizer=24", "vbv-buf-capacity=0",
            "bframes=0", f"key-int-max={rate * 4}", "threads=1", "!", "queue", "!", "mux."]
    if sound:
        line += ["filesrc", f"location={sound}", "!", "wavparse", "!", "audioconvert", "!", "audioresample",
                 "!", "audio/x-raw,rate=48000", "!", "avenc_aac", "bitrate=64000", "!", "queue", "!", "mux."]
    launch = subprocess.Popen(line, stdin=subprocess.PIPE)
    for picture in frames:
        launch.stdin.write(picture)
    launch.stdin.close()
    if launch.wait():
        raise SystemExit(f"make_demo: gst-launch-1.0 failed on {path.name}")


@functools.lru_cache(maxsize=256)
def camera_picture(person, mouth, blink, sway):
    return svg.frame(pictures.camera(person, mouth, blink, sway), *pictures.CAMERA)


def camera_frames(person, voice):
    """The mouth follows the loudness of the voice; the head sways, the eyes blink."""
    step = SOUND_RATE // CAMERA_RATE
    level = np.sqrt(np.mean(voice[:len(voice) // step * step].reshape(-1, step) ** 2, axis=1))
    mouths = np.clip(np.round(level / (1.6 * LOUDNESS) * 6), 0, 6).astype(int)
    for n, mouth in enumerate(mouths):
        sway = round(2.4 * math.sin(n / 31) + 1.4 * math.sin(n / 13))
        yield camera_picture(person, int(mouth), n % 93 < 3, sway)


def make_camera(out, scratch, session, voice, track):
    span = slice(round(session.start * SOUND_RATE), round(session.end * SOUND_RATE))
    wav = pathlib.Path(scratch) / (session.file + ".wav")
    write_wav(wav, track[span])
    encode(out / session.file, pictures.CAMERA, CAMERA_RATE, camera_frames(session.person, voice[span]), wav)


def make_screen(out, session):
    length = session.end - session.start
    frames = (svg.frame(pictures.screen(n / SCREEN_RATE, length), *pictures.SCREEN)
              for n in range(round(length * SCREEN_RATE)))
    encode(out / session.file, pictures.SCREEN, SCREEN_RATE, frames)


def make_deck(out):
    pages = [page.read_text() for page in sorted((HERE / "deck").glob("*.svg"))]
    svg.write_pdf(out / "deck.pdf", pages, 960, 540)
    subprocess.run(["pdftocairo", "-jpeg", "-scale-to-x", "1280", "-scale-to-y", "720",
                    str(out / "deck.pdf"), str(out / "slide")], check=True)


# --- the recording -------------------------------------------------------------------------------------

def sessions_of(starts, total):
    """Anna drops out for 1.6 s while Pavel speaks; Pavel joins before his first words."""
    drop = round(starts[2] + 4.2, 2)
    screen = Session("screen.mp4", "anna", starts[SCREEN_TALK] + 1.4, starts[SCREEN_TALK + 1] - 0.2)
    return [Session("anna-1.mp4", "anna", 1.2, drop), Session("anna-2.mp4", "anna", drop + 1.6, total - 1.0),
            Session("pavel.mp4", "pavel", starts[1] + 2.48, total - 0.4)], screen


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    out = parser.parse_args().out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor() as pool:
        spoken = list(pool.map(lambda n: speak(n, scratch), range(len(TALK))))
        starts, total = place(spoken)
        muted = (round(starts[2] - 0.2, 2), round(starts[SCREEN_TALK] - 0.2, 2))
        cameras, screen = sessions_of(starts, total)
        voices = {person: voice_track(person, spoken, starts, total) for person in VOICES}
        tracks = {**voices, "anna": with_typing(voices["anna"], muted[0] + 0.05, muted[1] - 0.5)}
        work = [pool.submit(make_deck, out), pool.submit(make_screen, out, screen)]
        work += [pool.submit(make_camera, out, scratch, s, voices[s.person], tracks[s.person]) for s in cameras]
        for done in work:
            done.result()
    slides = [(start, page) for (_, _, page), start in zip(TALK, starts) if page]
    slides[0] = (0.4, slides[0][1])
    plan = events.Recording(total, cameras, screen, slides, muted)
    for name, text in (("record.json", events.record(plan)), ("job.json", events.job(plan))):
        (out / name).write_text(json.dumps(text, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
