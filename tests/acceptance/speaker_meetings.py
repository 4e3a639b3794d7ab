# SPDX-License-Identifier: LGPL-2.1-or-later
"""Meetings with known speakers: one track per person, made from single voices or cut by a transcript."""
import dataclasses
import functools
import subprocess

import numpy as np

RATE = 8000
WINDOW = RATE // 10  # a level is the RMS of this
CROSS_TALK = 10 ** (-25 / 20)
CROSS_TALK_DELAY = RATE // 20
SHORTEST_TURN = 1.0  # what is not longer is an interjection

# One voice each: file, from, to (seconds).  Not codec2-david4.wav, whose level is constant within 1 dB, as noise is.
VOICES = (("jfk.flac", 0, 11), ("ru-demo-instruct.wav", 0, 73), ("codec2-speech_orig_16k.wav", 0, 10.8), ("ami-trn03.wav", 1.2, 30),
          ("ru-demo-congrats.wav", 0, 31), ("ps-sense_and_sensibility_01_austen_64kb-0870.wav", 0, 7),
          ("deepspeech-ru.wav", 0, 5.6), ("ami-dev00.wav", 1.5, 13))


@dataclasses.dataclass
class Meeting:
    name: str
    end: float
    tracks: list  # samples per person
    turns: list  # (person, from, to), longer than an interjection
    people: list = None  # what else core is told about each: present, muted, presenter

    def levels(self):
        """One list of dBFS per person; digital silence is -200."""
        found = []
        for track in self.tracks:
            windows = track[:len(track) // WINDOW * WINDOW].reshape(-1, WINDOW)
            power = np.mean(np.square(windows, dtype=np.float64), axis=1)
            found.append(np.round(10 * np.log10(np.maximum(power, 1e-20)), 2).tolist())
        return found


@functools.lru_cache(maxsize=None)
def decode(file):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", str(file), "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"],
                         capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.float32)


def seconds(samples, start, end):
    return samples[int(start * RATE):int(end * RATE)]


def speech_power(samples):
    """Of the windows that hold speech: those within 20 dB of the loud ones."""
    windows = samples[:len(samples) // WINDOW * WINDOW].reshape(-1, WINDOW)
    power = np.mean(windows ** 2, axis=1)
    return power[power > np.percentile(power, 90) / 100].mean()


def noise(random, samples, dbfs):
    return random.standard_normal(samples, dtype=np.float32) * np.float32(10 ** (dbfs / 20))


def trimmed(samples):
    """Without the silence at both ends, to 10 ms."""
    step = RATE // 100
    frames = np.mean(samples[:len(samples) // step * step].reshape(-1, step) ** 2, axis=1)
    loud = np.flatnonzero(frames > np.percentile(frames, 95) * 10 ** (-30 / 10))
    return samples[loud[0] * step:(loud[-1] + 1) * step] if len(loud) else samples[:0]


class Voice:
    """Endless talk of one voice at one level."""

    def __init__(self, corpus, which, dbfs):
        file, start, end = VOICES[which % len(VOICES)]
        samples = seconds(decode(corpus / file), start, end)
        self.samples = samples * np.float32(10 ** (dbfs / 20) / np.sqrt(speech_power(samples)))
        self.at = 0

    def say(self, length):
        count = int(length * RATE)
        taken = np.take(self.samples, np.arange(self.at, self.at + count), mode="wrap")
        self.at = (self.at + count) % len(self.samples)
        return trimmed(taken)


def mix(own, random, noises):
    """The tracks: a voice each, the others at -25 dB and a little late, and noise."""
    total = np.sum(own, axis=0)
    tracks = []
    for samples, dbfs in zip(own, noises):
        others = np.roll(total - samples, CROSS_TALK_DELAY)
        others[:CROSS_TALK_DELAY] = 0
        tracks.append(samples + others * np.float32(CROSS_TALK) + noise(random, len(samples), dbfs))
    return tracks


@dataclasses.dataclass
class Kind:
    """Of meeting."""
    name: str
    levels: tuple  # dBFS of each person's voice
    turn: tuple = (2, 15)  # seconds
    gap: tuple = (-0.3, 0.8)  # between turns; negative: overlap
    interjections: float = 0  # per second of talk
    coughs: int = 0
    noises: tuple = ()  # dBFS by person; else -65
    silence: float = 0  # share of gaps that are of 12 to 30 s
    weights: tuple = ()  # how often each takes the turn


KINDS = (Kind("four people", (-20, -20, -22, -18)),
         Kind("lively", (-20, -22, -18, -20), (1.5, 6), (-1, 0.3), 0.15, 40),
         Kind("loud and quiet", (-12, -38), (2, 12), (-0.3, 0.8), 0.05, 20),
         Kind("noisy microphone", (-22, -38, -24), (2, 12), coughs=20, noises=(-40, -65, -65)),
         Kind("lecture", (-20, -22, -24, -26, -20), (2, 30), (0.2, 2), 0.02, 20, silence=0.1, weights=(10, 1, 1, 1, 1)),
         Kind("23 people", (-20, -24, -18, -22, -30, -20, -26, -20) + (-20,) * 15, (2, 12), (-0.3, 0.8), 0.05, 60,
              weights=(4,) * 8 + (0.1,) * 15))


def add(track, at, samples):
    start = int(at * RATE)
    room = track[start:start + len(samples)]
    room += samples[:len(room)]


def generate(corpus, kind, end, seed):
    random = np.random.default_rng(seed)
    count = len(kind.levels)
    voices = [Voice(corpus, i, dbfs) for i, dbfs in enumerate(kind.levels)]
    own = np.zeros((count, int(end * RATE)), np.float32)
    weights = np.array(kind.weights or (1,) * count, float)
    turns, at, last = [], 1.0, None
    while True:
        odds = weights * (np.arange(count) != last)
        who = int(random.choice(count, p=odds / odds.sum()))
        spoken = voices[who].say(random.uniform(*kind.turn))
        length = len(spoken) / RATE
        if at + length > end:
            break
        if length > SHORTEST_TURN:
            add(own[who], at, spoken)
            turns.append((who, at, at + length))
            for _ in range(random.poisson(kind.interjections * length)):
                other = int(random.choice([p for p in range(count) if p != who]))
                add(own[other], at + random.uniform(0, max(0, length - 1)), voices[other].say(random.uniform(0.3, 0.9)))
            last = who
            at += length
        at = max(0, at + (random.uniform(12, 30) if random.random() < kind.silence else random.uniform(*kind.gap)))
    for _ in range(kind.coughs):
        cough = noise(random, int(random.uniform(0.2, 0.5) * RATE), -15)
        add(own[random.integers(count)], random.uniform(0, end - 1), cough * np.linspace(1, 0.1, len(cough), dtype=np.float32))
    tracks = mix(own, random, kind.noises or (-65,) * count)
    return Meeting(kind.name, end, tracks, turns, [{"presenter": p == 0} for p in range(count)])


def transcript(name, samples, segments, seed=1):
    """A recording of one track cut into a track per person: everybody's own words, and the rest as cross-talk."""
    random = np.random.default_rng(seed)
    end = len(samples) / RATE
    names = sorted({who for who, _, _ in segments})
    own = np.zeros((len(names), len(samples)), np.float32)
    gain = np.float32(0.1 / np.sqrt(speech_power(samples)))
    turns = []
    for who, start, stop in segments:
        person = names.index(who)
        seconds(own[person], start, stop)[:] = seconds(samples, start, stop) * gain
        if stop - start > SHORTEST_TURN:
            turns.append((person, start, min(stop, end)))
    return Meeting(name, end, mix(own, random, (-65,) * len(names)), turns, [{} for _ in names])


def read_rttm(path, file):
    fields = (line.split() for line in path.read_text().splitlines())
    return [(f[7], float(f[3]), float(f[3]) + float(f[4])) for f in fields if f[:2] == ["SPEAKER", file]]


def read_segments(path):
    fields = (line.split() for line in path.read_text().splitlines() if line.strip())
    return [(who, float(start), float(stop)) for start, stop, who in fields]


def corpus_meetings(corpus):
    for name, wav, segments in (
            ("AMI dev00", "ami-dev00.wav", read_rttm(corpus / "ami.rttm", "dev00")),
            ("AMI trn03", "ami-trn03.wav", read_rttm(corpus / "ami.rttm", "trn03")),
            ("pyannote sample", "pyannote-sample-2spk.wav", read_rttm(corpus / "pyannote-sample-2spk.rttm", "sample")),
            ("diarizationExample2", "diarizationExample2.wav", read_segments(corpus / "diarizationExample2.segments"))):
        yield transcript(name, decode(corpus / wav), segments)
