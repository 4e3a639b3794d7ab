#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Real BigBlueButton recordings, from the folder to the film: bigbluebutton.py SOURCE_ROOT TOOL

The witness reads events.xml by itself: which page or screen is on stage at every frame, when the conference is heard, and
which of the files that the log names are missing.  Pages are drawn by pdftocairo, media are decoded by ffmpeg.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import wave
import xml.etree.ElementTree as ElementTree

import numpy as np

import shared

RECORDINGS = ("bbb-1b199e88", "bbb-974a4b8c", "bbb-b443a8e1")
RATE, SOUND_RATE, SIZE = 25, 48000, (64, 36)
WINDOW = SOUND_RATE // 100


class Log:
    def __init__(self, folder):
        self.folder = folder
        events = list(ElementTree.parse(folder / "events.xml").getroot().iter("event"))
        self.epoch = int(events[0].get("timestamp"))
        self.events = [((int(e.get("timestamp")) - self.epoch) / 1000, e.get("eventname"),
                        {child.tag: (child.text or "").strip() for child in e}) for e in events]
        self.end = self.events[-1][0]

    def found(self, place, name):
        return next((self.folder / place).glob(name), None) if (self.folder / place).is_dir() else None

    def slides(self):
        """(time, deck, page) of each change."""
        deck, pages, changes = None, {}, []
        for at, name, values in self.events:
            if name == "SharePresentationEvent":
                deck = values["presentationName"]
            elif name == "GotoSlideEvent":
                pages[deck] = int(values["slide"]) + 1
            else:
                continue
            changes.append((at, deck, pages.get(deck, 1)))
        return changes

    def screens(self):
        """(from, to, file or None if missing)"""
        begun, spans = {}, []
        for at, name, values in self.events:
            if name == "DeskshareStartedEvent":
                begun[values["file"]] = at
            elif name == "DeskshareStoppedEvent":
                file = values["file"]
                spans.append((begun.pop(file), at, self.found("deskshare", file.rsplit("/", 1)[1])))
        return spans

    def sound(self):
        """(from, file or None) of each recording of the conference; one that no event names says its time itself."""
        named = [(at, self.found("audio", values["filename"].rsplit("/", 1)[1]))
                 for at, name, values in self.events if name == "StartRecordingEvent"]
        if named:
            return named
        files = (self.folder / "audio").glob("*.wav") if (self.folder / "audio").is_dir() else ()
        return [((int(re.search(r"-(\d{13})\.", f.name)[1]) - self.epoch) / 1000, f) for f in files]

    def missing(self):
        """How many files that the log names are not there.  No camera of these recordings is."""
        cameras = {v["value"].split("stream=")[-1] for _, name, v in self.events
                   if name == "ParticipantStatusChangeEvent" and v["status"] in ("streamName", "hasStream")
                   and v["value"] not in ("", "true", "false")}
        return (len(cameras) + sum(file is None for _, _, file in self.screens())
                + sum(file is None for _, file in self.sound()))


def pictures(*source, filters=""):
    """Grey pictures of SIZE, fitted into a canvas of 16:9."""
    fit = ("scale=1280:720:force_original_aspect_ratio=decrease,pad=1280:720:(ow-iw)/2:(oh-ih)/2,"
           f"scale={SIZE[0]}:{SIZE[1]}:flags=area,format=gray")
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *map(str, source), "-an", "-fps_mode", "passthrough", "-vf",
                          filters + fit, "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, SIZE[1], SIZE[0]).astype(int)


def deck_pages(log, deck, box):
    file = log.found("presentation*", f"{deck}/{deck}.pdf") or next(log.folder.glob(f"presentation*/{deck}/{deck}.pdf"))
    subprocess.run(["pdftocairo", "-png", "-r", "60", str(file), str(box / deck)], check=True)
    return [pictures("-i", page)[0] for page in sorted(box.glob(f"{deck}-*.png"))]


def stage_plan(log, frames):
    """For each frame ("page", deck, page), ("screen", file, start) or None."""
    frame_at = lambda t: int(np.ceil((t - 0.001) * RATE - 1e-9))
    plan = [None] * frames
    for at, deck, page in log.slides():
        plan[frame_at(at):] = [("page", deck, page)] * (frames - frame_at(at))
    for start, end, file in log.screens():
        if file:
            first, last = frame_at(start), frame_at(end)
            plan[first:last] = [("screen", file, start)] * (last - first)
    return plan


def wrong_pages(log, film, box):
    """Problems with what is on stage."""
    shown = pictures("-i", film)
    frames = int(log.end * RATE + 0.5)
    if len(shown) != frames:
        return [f"{len(shown)} frames instead of {frames}"]
    pages = {deck: deck_pages(log, deck, box) for deck in {deck for _, deck, _ in log.slides()}}
    every = [(("page", deck, i + 1), picture) for deck, all_pages in pages.items() for i, picture in enumerate(all_pages)]
    problems, last = [], None
    for n, due in enumerate(stage_plan(log, frames)):
        if due is None:
            if shown[n].max() > 24:
                problems.append(f"frame {n}: not black")
        elif due[0] == "page":
            if last == due and (shown[n] == shown[n - 1]).all():
                continue
            distance = {name: np.abs(shown[n] - picture).mean() for name, picture in every}
            nearest = min(distance, key=distance.get)
            if distance[due] > distance[nearest] + 0.5 or distance[due] > 12:
                problems.append(f"frame {n}: {nearest} ({distance[nearest]:.1f}) and not {due} ({distance[due]:.1f})")
        last = due
    return problems + wrong_screens(log, shown)


def wrong_screens(log, shown):
    problems = []
    for start, end, file in log.screens():
        if not file:
            continue
        # 1 s steps: screens of that age have few frames a second
        media = pictures("-i", file, filters=f"fps={RATE},")
        for second in range(1, int(end - start) - 1):
            n = min(second * RATE, len(media) - 1)
            at = int(np.ceil(start * RATE)) + second * RATE
            near = min(np.abs(shown[at] - media[max(n + shift, 0)]).mean()
                       for shift in range(-3, 4) if n + shift < len(media))
            if near > 12:
                problems.append(f"{second} s of {file.name}: the picture is another ({near:.1f})")
    return problems


def levels(samples):
    windows = samples[:len(samples) // WINDOW * WINDOW].reshape(-1, WINDOW)
    return np.sqrt((windows.astype(float) ** 2).mean(axis=1))


def wrong_sound(log, film):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", str(film), "-vn", "-ac", "1", "-f", "f32le", "-"],
                         capture_output=True, check=True).stdout
    heard = levels(np.frombuffer(raw, "<f4"))
    due = np.zeros(len(heard))
    for start, file in log.sound():
        if not file:
            continue
        with wave.open(str(file)) as media:
            samples = np.frombuffer(media.readframes(media.getnframes()), "<i2") / 32768
        at = np.arange(int(len(samples) / 16000 * SOUND_RATE)) * 16000 / SOUND_RATE
        line = levels(np.interp(at, np.arange(len(samples)), samples))
        first = round(start * 100)
        line = line[:max(len(due) - first, 0)]
        due[first:first + len(line)] += line
    if due.max() == 0:
        return [] if heard.max() < 1e-4 else ["sound where there is none"]
    scores = [np.corrcoef(np.roll(heard, shift)[50:-50], due[50:-50])[0, 1] for shift in range(-10, 11)]
    best = int(np.argmax(scores)) - 10
    problems = [] if abs(best) <= 1 and max(scores) > 0.97 else [f"sound is off by {-best * 10} ms ({max(scores):.3f})"]
    silent = np.convolve(due, np.ones(21), "same") == 0
    return problems + (["sound where there is none"] if heard[silent].max(initial=0) > 1e-3 else [])


def problems_of(tool, folder, box):
    film = box / "out.mp4"
    done = subprocess.run([tool, "render", str(folder), "-o", str(film), "--draft", "--progress", "none"],
                          capture_output=True, text=True)
    if done.returncode:
        return [f"status {done.returncode}: {done.stderr[-600:]}"]
    log = Log(folder)
    report = json.loads(film.with_suffix(".report.json").read_text())
    missing = {s["asset"] for s in report["substitutions"] if s["why"] == "it is missing"}
    problems = [] if len(missing) == log.missing() else [f"{len(missing)} missing instead of {log.missing()}: {missing}"]
    return problems + wrong_pages(log, film, box) + wrong_sound(log, film)


def marked(log):
    """Seconds between the marks of the recording button; of the whole log where there are none."""
    events = [(int(e.get("timestamp")), e) for e in ElementTree.parse(log).getroot().iter("event")]
    marks = [(at, e.find("status").text) for at, e in events if e.get("eventname") == "RecordStatusEvent"]
    times = [at for at, _ in events]
    if not marks:
        return (max(times) - min(times)) / 1000
    return sum((at if status == "false" else -at) for at, status in marks) / 1000


def import_alone(tool, log, box):
    """A log without its media: all of them are missing, and that is said."""
    job = box / "job.json"
    done = subprocess.run([tool, "import", "bigbluebutton", str(log), "-o", str(job), "--overwrite"], capture_output=True,
                          text=True)
    if done.returncode:
        return [f"status {done.returncode}: {done.stderr[-600:]}"]
    due, length = marked(log), json.loads(job.read_text())["duration"]
    problems = [] if abs(length - due) < 1e-6 else [f"{length} s instead of {due} s"]
    planned = subprocess.run([tool, "plan", str(job), "--allow-root", str(log.parent)], capture_output=True, text=True)
    if planned.returncode != 5 or "no usable medium" not in planned.stderr:
        problems.append(f"plan: status {planned.returncode}: {planned.stderr[-600:]}")
    return problems


def main():
    source, tool = sys.argv[1:]
    corpus = shared.folder(source, "corpus/2-webinar")
    failed = 0
    cases = [(corpus / name, problems_of) for name in RECORDINGS]
    cases += [(log, import_alone) for place in ("bbb-events", "bbb-misc") for log in sorted((corpus / place).glob("*.xml"))]
    for path, check in cases:
        with tempfile.TemporaryDirectory() as box:
            problems = check(tool, path.resolve(), pathlib.Path(box))
        failed += bool(problems)
        print(f"{'FAIL' if problems else 'ok'}  {path.name}", *problems[:8], sep="\n      ", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
