# SPDX-License-Identifier: LGPL-2.1-or-later
"""Decks and films of one colour each, tones, and what of them a film shows and plays, as ffmpeg decodes it."""
import subprocess
import wave

import numpy as np

SOUND_RATE = 48000
BLACK, RED, YELLOW, BLUE, CYAN = (0, 0, 0), (254, 0, 0), (254, 254, 0), (0, 0, 254), (0, 254, 254)


def make_pdf(path, colours):
    """Pages of 4:3, each of one colour."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>",
               f"<< /Type /Pages /Count {len(colours)} /Kids [{' '.join(f'{3 + 2 * i} 0 R' for i in range(len(colours)))}] >>"]
    for i, colour in enumerate(colours):
        fill = " ".join(str(c / 254) for c in colour) + " rg 0 0 640 480 re f"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 640 480] /Contents {4 + 2 * i} 0 R >>")
        objects.append(f"<< /Length {len(fill)} >>\nstream\n{fill}\nendstream")
    text, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(text))
        text += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    text += (f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
             f"<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF\n")
    path.write_text(text)


def make_film(path, source, *words):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-nostdin", "-f", "lavfi", "-i", source, *words, str(path)], check=True)


def make_tone(path, seconds, frequency):
    """Mono, at 48 kHz, of amplitude 0.3."""
    at = np.arange(round(seconds * SOUND_RATE)) / SOUND_RATE
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, SOUND_RATE, 0, "NONE", ""))
        out.writeframes((0.3 * np.sin(2 * np.pi * frequency * at) * 32767).astype("<i2").tobytes())


def sine(frequency, seconds):
    """The same as a source of ffmpeg, whose own is of amplitude 1/8."""
    return f"sine=frequency={frequency}:sample_rate={SOUND_RATE}:duration={seconds},volume=2.4"


def colours(film, crop):
    """The mean colour within `crop` (w:h:x:y of ffmpeg), of each frame."""
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", str(film), "-an", "-fps_mode", "passthrough", "-vf",
                          f"crop={crop},scale=1:1:flags=area", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"],
                         capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, 3).astype(int)


def stage_colours(film):
    """The colour in the middle of the stage, of each frame."""
    return colours(film, "iw/16:ih/16:iw*3/8:ih/2")


def samples(film):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", str(film), "-vn", "-af", "pan=mono|c0=c0", "-ar", str(SOUND_RATE),
                          "-f", "f32le", "-"], capture_output=True, check=True).stdout
    return np.frombuffer(raw, "<f4")


def loud(film):
    """One boolean for each 10 ms of the film's sound."""
    windows = samples(film)
    windows = windows[:len(windows) // 480 * 480].reshape(-1, 480)
    return np.sqrt((windows ** 2).mean(axis=1)) > 0.05


def tone(sound, start, end, frequency):
    """Amplitude of a tone in a stretch of samples, in seconds."""
    part = sound[round(start * SOUND_RATE):round(end * SOUND_RATE)]
    turn = np.exp(-2j * np.pi * frequency * np.arange(len(part)) / SOUND_RATE)
    return 2 * abs((part * turn).mean())
