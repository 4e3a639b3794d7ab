# SPDX-License-Identifier: LGPL-2.1-or-later
"""A recording to render: made of real clips where they are shared, else of test pictures."""
import json
import os
import pathlib
import random
import subprocess

SIZES = ("640x360", "640x360", "360x640", "640x480", "320x240")


def shared_maker(source_root):
    """The script that cuts a webinar out of real clips; None where there is none."""
    shared = pathlib.Path(os.environ.get("ROSTRUM_SHARED") or source_root.parent / "shared")
    script = shared / "bench" / "make_webinar.py"
    return script if script.is_file() and (shared / "corpus").is_dir() else None


def make(source_root, folder, seconds, people):
    """Makes the recording in a folder below `folder`, unless it is there.  Returns the path of its job's record."""
    script = shared_maker(source_root)
    place = folder / f"{'webinar' if script else 'pattern'}-{seconds}s-{people}p"
    record = place / "record.json"
    if not record.exists():
        place.mkdir(parents=True, exist_ok=True)
        if script:
            subprocess.run(["/usr/bin/python3", script, place, "--seconds", str(seconds), "--people", str(people)],
                           check=True, stdout=subprocess.DEVNULL)
        else:
            make_patterns(place, seconds, people)
    return record


# --- without the shared clips -----------------------------------------------------------------------------

def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-nostdin", *map(str, words)], check=True)


def camera(path, seconds, size, rate, pitch):
    """A test picture with some noise, as a webcam has it, and a tone; like the real clips: baseline, sparse keys."""
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate},noise=alls=8:allf=t",
           "-f", "lavfi", "-i", f"sine=frequency={pitch}:sample_rate=48000", "-t", seconds, "-pix_fmt", "yuv420p",
           "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "baseline", "-g", rate * 4, "-b:v", "700k",
           "-c:a", "aac", "-ac", 1, "-b:a", "64k", path)


def screen(path, seconds):
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=1920x1080:rate=15", "-t", seconds, "-pix_fmt", "yuv420p", "-c:v",
           "libx264", "-preset", "veryfast", "-profile:v", "high", "-bf", 0, "-g", 75, "-crf", 24, path)


def slide(path, number):
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=size=1100x618,hue=h={number * 40},format=yuvj420p", "-frames:v", 1,
           "-q:v", 3, path)


class Log:
    """The events of a record."""

    def __init__(self, folder):
        self.folder, self.events, self.sessions = folder, [], 0

    def add(self, module, time, data):
        self.events.append({"module": module, "relativeTime": round(time, 2), "data": data})

    def person(self, person, time):
        self.add("conference.add", time, {"id": 9000 + person, "user": {"id": 100 + person}, "hasAudio": True,
                                          "hasVideo": True})

    def session(self, start, seconds, file, stream):
        self.sessions += 1
        url = (self.folder / file).as_uri()
        self.add("mediasession.add", start, {"id": self.sessions, "url": url, "stream": stream})
        self.add("mediasession.update", start + seconds, {"id": self.sessions, "duration": round(seconds, 2)})


def make_patterns(folder, seconds, people):
    """A presenter who drops out once, guests who come and go, a shared screen, a deck."""
    chance, log = random.Random(1), Log(folder)
    log.add("userlist.online", 0, [{"role": "ADMIN", "user": {"id": 100}}])
    drop = seconds * 0.7
    for person in range(people):
        start = chance.uniform(0.1, 0.5) * seconds
        spans = [(start, chance.uniform(0.15, 0.4) * seconds)] if person else [(0, drop),
                                                                               (drop + 2.4, seconds - drop - 2.4)]
        log.person(person, spans[0][0])
        for n, (begin, length) in enumerate(spans):
            file = f"camera{person}_{n}.mp4"
            camera(folder / file, round(length, 2), SIZES[person % len(SIZES)], 30 if person % 2 else 25,
                   220 + 110 * person)
            log.session(begin, length, file, {"id": 500 + person, "conference": {"id": 9000 + person}})
    screen(folder / "screen.mp4", round(seconds * 0.2, 2))
    log.session(seconds * 0.45, seconds * 0.2, "screen.mp4", {"id": 600, "screensharing": {"id": 7001}})
    time, number = 1.37, 1
    while time < seconds - 2:
        slide(folder / f"slide-{number}.jpg", number)
        url = (folder / f"slide-{number}.jpg").as_uri()
        log.add("presentation.update", time, {"fileReference": {"slide": {"number": number, "url": url}}})
        time, number = time + chance.uniform(6, 24), number + 1
    log.events.sort(key=lambda event: event["relativeTime"])
    (folder / "record.json").write_text(json.dumps({"name": "bench", "duration": seconds, "eventLogs": log.events}))
