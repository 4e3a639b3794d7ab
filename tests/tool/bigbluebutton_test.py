# SPDX-License-Identifier: LGPL-2.1-or-later
"""A BigBlueButton recording, from its folder to the film.  Usage: bigbluebutton_test.py ROSTRUM [unittest options]"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import wave

import numpy as np

from coloured import BLACK, BLUE, CYAN, RED, YELLOW, loud, make_film, make_pdf, stage_colours

ROSTRUM = os.path.abspath(sys.argv.pop(1))
RATE = 25
EPOCH = 1_305_560_822_952


def event(seconds, kind, /, **values):
    children = "".join(f"<{key}>{value}</{key}>" for key, value in values.items())
    return f'<event timestamp="{EPOCH + round(seconds * 1000)}" module="M" eventname="{kind}">{children}</event>\n'


EVENTS = [
    event(0, "ParticipantJoinEvent", userId="w_1", name="Anna", role="MODERATOR"),
    event(0, "AssignPresenterEvent", userid="w_1", name="Anna"),
    event(1, "SharePresentationEvent", presentationName="deck", share="true"),
    event(2, "StartRecordingEvent", filename="/var/freeswitch/meetings/m-1.wav"),
    event(3, "GotoSlideEvent", slide=1),
    event(3.5, "ParticipantTalkingEvent", participant="w_1", talking="true"),
    event(5, "DeskshareStartedEvent", file="/var/bigbluebutton/deskshare/d.flv"),
    event(6, "ParticipantTalkingEvent", participant="w_1", talking="false"),
    event(6, "StartWebRTCShareEvent", filename="/var/kurento/recordings/low-w_1-99.webm"),
    event(7, "DeskshareStoppedEvent", file="/var/bigbluebutton/deskshare/d.flv"),
    event(8, "SharePresentationEvent", presentationName="late", share="true"),
    event(8, "StopRecordingEvent", filename="/var/freeswitch/meetings/m-1.wav"),
    event(9, "StopWebRTCShareEvent", filename="/var/kurento/recordings/low-w_1-99.webm"),
    event(9, "StartWebRTCShareEvent", filename="/var/kurento/recordings/low-w_1-100.webm"),
    event(10, "StopWebRTCShareEvent", filename="/var/kurento/recordings/low-w_1-100.webm"),
    event(11, "PublicChatEvent", message="hello"),
    event(12, "EndAndKickAllEvent")]


def make_sound(path):
    """6 s at 16 kHz, silent but for a tone from 1.5 to 4 s."""
    at = np.arange(6 * 16000) / 16000
    tone = np.where((at >= 1.5) & (at < 4), 0.3 * np.sin(2 * np.pi * 440 * at), 0)
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 16000, 0, "NONE", ""))
        out.writeframes((tone * 32767).astype("<i2").tobytes())


def make_recording(folder):
    for name in ("audio", "video/meeting", "deskshare", "presentation/deck", "presentations/late"):
        (folder / name).mkdir(parents=True)
    make_sound(folder / "audio/m-1.wav")
    make_pdf(folder / "presentation/deck/deck.pdf", [RED, YELLOW])
    make_film(folder / "presentations/late/late.png", "color=0x00ffff:size=640x480", "-frames:v", "1")
    make_film(folder / "deskshare/d.flv", "color=0x0000ff:size=640x480:rate=5:duration=2", "-c:v", "flashsv")
    make_film(folder / "video/meeting/low-w_1-99.webm", "testsrc=size=320x240:rate=15:duration=3")


class BigBlueButtonTest(unittest.TestCase):
    def setUp(self):
        box = tempfile.TemporaryDirectory()
        self.addCleanup(box.cleanup)
        self.dir = pathlib.Path(box.name).resolve() / "meeting"
        self.film = self.dir.parent / "out.mp4"
        make_recording(self.dir)
        self.write(EVENTS)

    def write(self, events):
        (self.dir / "events.xml").write_text(
            f'<?xml version="1.0"?>\n<recording meeting_id="m">\n<meeting name="Лекция"/>\n{"".join(events)}</recording>\n')

    def run_tool(self, *words, status=0):
        done = subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def render(self):
        return self.run_tool("render", self.dir, "-o", self.film, "--draft", "--progress", "none")

    def expect_stage(self, stretches):
        """`stretches`: (first frame, colour); the last one goes to the end."""
        colours = stage_colours(self.film)
        starts = [first for first, _ in stretches] + [len(colours)]
        for (first, colour), end in zip(stretches, starts[1:]):
            wrong = np.flatnonzero(np.abs(colours[first:end] - colour).max(axis=1) > 24) + first
            self.assertEqual(wrong.tolist(), [], f"frames that are not {colour}: {colours[wrong[:3]].tolist()}")
        return len(colours)

    def test_slides_screen_and_voices_stand_at_the_times_of_the_log(self):
        done = self.render()
        self.assertIn("1 PublicChatEvent", done.stderr)
        frames = self.expect_stage([(0, BLACK), (25, RED), (75, YELLOW), (125, BLUE), (175, YELLOW), (200, CYAN)])
        self.assertEqual(frames, 12 * RATE)
        tone = np.flatnonzero(loud(self.film))
        self.assertLessEqual(abs(tone[0] - 350), 1)
        self.assertLessEqual(abs(tone[-1] - 599), 1)
        self.assertEqual(len(tone), tone[-1] - tone[0] + 1)
        report = json.loads(self.film.with_suffix(".report.json").read_text())
        self.assertEqual({s["asset"] for s in report["substitutions"] if s["why"] == "it is missing"}, {"camera-low-w_1-100"},
                         report["substitutions"])

    def test_only_what_the_button_marked_is_in_the_film(self):
        marks = [event(at, "RecordStatusEvent", status=on) for at, on in
                 ((2, "true"), (4, "false"), (6.5, "true"), (9, "false"))]
        self.write(sorted(EVENTS + marks))
        self.assertIn("2 parts, 0:00:04.500 of 0:00:12.000", self.render().stderr)
        frames = self.expect_stage([(0, RED), (25, YELLOW), (50, BLUE), (63, YELLOW), (88, CYAN)])
        self.assertEqual(frames, 113)
        tone = np.flatnonzero(loud(self.film))
        self.assertLessEqual(abs(tone[0] - 150), 1)
        self.assertLessEqual(abs(tone[-1] - 199), 1)

    def test_a_folder_is_imported_and_planned(self):
        out = self.dir.parent / "job.json"
        self.run_tool("import", "bigbluebutton", self.dir, "-o", out)
        job = json.loads(out.read_text())
        self.assertEqual(job["title"], "Лекция")
        self.assertEqual(job["assets"]["conference-m-1"]["uri"], "meeting/audio/m-1.wav")
        self.assertEqual(job["people"], [{"id": "user-w_1", "name": "Anna", "role": "presenter", "talking": [[3.5, 6]]}])
        self.assertIn("Лекция", self.run_tool("plan", self.dir).stdout)
        self.assertIn("Лекция", self.run_tool("plan", self.dir / "events.xml").stdout)

    def test_another_format_is_refused_with_a_reason(self):
        self.assertIn("eventLogs", self.run_tool("import", "mtslink", self.dir / "events.xml", status=3).stderr)
        record = self.dir / "record.json"
        record.write_text('{"eventLogs": []}')
        self.assertIn("<recording>", self.run_tool("import", "bigbluebutton", record, status=3).stderr)
        (self.dir / "events.xml").write_text("<recording><event/></recording>")
        self.assertIn("no event with a timestamp",
                      self.run_tool("import", "bigbluebutton", self.dir, status=3).stderr)

    def test_a_link_out_of_the_folder_is_not_followed(self):
        outside = self.dir.parent / "secret.wav"
        (self.dir / "audio/m-1.wav").rename(outside)
        (self.dir / "audio/m-1.wav").symlink_to(outside)
        self.assertIn("--allow-root", self.run_tool("render", self.dir, "-o", self.film, status=3).stderr)


if __name__ == "__main__":
    unittest.main()
