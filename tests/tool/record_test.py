#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Live jobs of made sources, recorded and shown: record_test.py TOOL SOURCE_ROOT.  Recordings take the time that they last, so
all are made at once."""
import fcntl
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import numpy

import rtsp_camera
from terminal import Terminal

TOOL, SOURCE = os.path.abspath(sys.argv.pop(1)), pathlib.Path(sys.argv.pop(1)).resolve()
WIDTH, HEIGHT, RATE = 160, 96, 25
SOUND = 48000
COLORS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "black": (0, 0, 0)}
SMALL = f"size={WIDTH}x{HEIGHT}"
LONGEST = 40  # s


def job(*tracks, **more):
    people = [{"id": name, "name": name.title()} for name in ("anna", "boris", "clara")]
    return {"rostrum": 1, "canvas": {"size": f"{WIDTH}x{HEIGHT}", "rate": RATE}, "people": people,
            "layout": {"policy": "speaker", "speaker": {"window": 0.4, "hold": 0.4}}, "tracks": list(tracks), **more}


def camera(person, uri):
    return {"id": f"cam-{person}", "kind": "camera", "person": person, "uri": uri}


JOBS = {
    # Anna talks until 2 s, then Boris.
    "switched": job(camera("anna", f"test:red?{SMALL}&tone=440&talk=0-2"), camera("boris", f"test:blue?{SMALL}&tone=1320&talk=2-4.5"),
                    title="Two people", output={"path": "talk.mp4"}),
    # Anna's camera fails after a second, and is there again a second later.
    "lost": job(camera("anna", f"test:red?{SMALL}&tone=440&fails-after=1"), camera("boris", f"test:blue?{SMALL}&tone=off")),
    # Nobody's camera, and a microphone of a talking person without one.
    "stage": job({"id": "desk", "kind": "screen", "uri": f"test:green?{SMALL}&tone=off"},
                 camera("anna", f"test:red?{SMALL}&tone=off"),
                 {"id": "mic", "kind": "microphone", "person": "clara", "uri": "test:?tone=880", "gain": -6}),
    "fails": job(camera("anna", f"test:red?{SMALL}&fails-after=1.2"), **{"on-damage": "fail"}),
}
LENGTHS = {"switched": 4.4, "lost": 4, "stage": 2, "fails": 30}


def run(folder, *words):
    return subprocess.run([TOOL, *map(str, words)], cwd=folder, capture_output=True, text=True, timeout=LONGEST)


def start(folder, *words):
    return subprocess.Popen([TOOL, *map(str, words)], cwd=folder, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE)


def until(condition):
    end = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def chunks(folder):
    """The records of the chunks that are whole."""
    journal = folder / "chunk-%05d.mp4.journal"
    lines = journal.read_text().splitlines() if journal.exists() else []
    return [json.loads(line) for line in lines]


def streams(path):
    words = ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", path]
    return json.loads(subprocess.run(words, check=True, capture_output=True).stdout)


def frames(path):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                         check=True, capture_output=True).stdout
    return numpy.frombuffer(raw, numpy.uint8).reshape(-1, HEIGHT, WIDTH, 3)


def sound(path):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-ac", "1", "-"], check=True, capture_output=True).stdout
    return numpy.frombuffer(raw, numpy.float32)


def pitch(samples, at, length=0.5):
    """Hertz of the loudest tone within so many seconds from there on; 0 = silence."""
    part = samples[int(at * SOUND):int((at + length) * SOUND)]
    if numpy.abs(part).max() < 0.01:
        return 0
    return int(round(numpy.argmax(numpy.abs(numpy.fft.rfft(part))) / length))


def color(picture, x=0.5, y=0.5):
    pixel = picture[int(y * HEIGHT), int(x * WIDTH)].astype(int)
    return min(COLORS, key=lambda name: abs(pixel - numpy.array(COLORS[name])).sum())


class RecordTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        box = tempfile.TemporaryDirectory()
        cls.addClassCleanup(box.cleanup)
        cls.dir = pathlib.Path(box.name).resolve()
        running = {}
        for name, content in JOBS.items():
            (cls.dir / f"{name}.json").write_text(json.dumps(content))
            running[name] = start(cls.dir, "record", f"{name}.json", "--duration", LENGTHS[name])
        cls.interrupt(running)
        cls.kill()
        cls.said, cls.status = {}, {}
        for name, process in running.items():
            cls.said[name] = process.communicate(timeout=LONGEST)[1]
            cls.status[name] = process.returncode

    @classmethod
    def interrupt(cls, running):
        """A recording without an end, and Ctrl-C after its first chunk."""
        process = start(cls.dir, "record", "switched.json", "-o", "stopped.mp4", "--chunk-duration", 1)
        until(lambda: chunks(cls.dir / "stopped.mp4.chunks") or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        running["stopped"] = process

    @classmethod
    def kill(cls):
        process = start(cls.dir, "record", "stage.json", "-o", "killed.mp4", "--chunk-duration", 1)
        until(lambda: len(chunks(cls.dir / "killed.mp4.chunks")) >= 2 or process.poll() is not None)
        process.kill()
        process.communicate()

    def film(self, name, seconds=None):
        """Its frames, after a look at the file."""
        path = self.dir / name
        self.assertTrue(path.exists(), self.said)
        found = streams(path)
        self.assertEqual([s["codec_name"] for s in found["streams"]], ["h264", "aac"])
        pictures = frames(path)
        if seconds:
            self.assertEqual(len(pictures), round(seconds * RATE))
        # ffmpeg gives the last packet whole; of what was killed the last packets may be in the chunk that is not there.
        self.assertLess(abs(len(sound(path)) - len(pictures) * SOUND // RATE), 1024)
        self.assertFalse((self.dir / f"{name}.chunks").exists())
        return pictures

    def test_the_picture_follows_who_talks(self):
        self.assertEqual(self.status["switched"], 0, self.said["switched"])
        pictures = self.film("talk.mp4", LENGTHS["switched"])
        shown = [color(picture) for picture in pictures]
        self.assertEqual(shown[RATE:2 * RATE], ["red"] * RATE)
        self.assertEqual(shown[3 * RATE:], ["blue"] * (len(shown) - 3 * RATE))
        self.assertEqual(sum(a != b for a, b in zip(shown[RATE:], shown[RATE + 1:])), 1)
        heard = sound(self.dir / "talk.mp4")
        self.assertEqual([pitch(heard, 1.1), pitch(heard, 3.1)], [440, 1320])
        self.assertEqual(streams(self.dir / "talk.mp4")["format"]["tags"]["title"], "Two people")
        self.assertIn("talk.mp4: 0:00:04.400", self.said["switched"])

    def test_the_pictures_stand_at_their_times(self):
        """The beeps of a second begin with it, to within a buffer and the encoder's pre-echo."""
        heard = numpy.abs(sound(self.dir / "talk.mp4"))
        for second in (1, 3):
            around = heard[int((second - 0.15) * SOUND):int((second + 0.15) * SOUND)]
            begin = numpy.argmax(around > 0.05) / SOUND - 0.15
            self.assertLess(abs(begin), 0.03)

    def test_a_lost_source_stops_nothing(self):
        self.assertEqual(self.status["lost"], 0, self.said["lost"])
        shown = [color(picture) for picture in self.film("lost.mp4", LENGTHS["lost"])]
        first = shown.index("red")
        self.assertLess(abs(shown.index("blue", first) - first - RATE), RATE // 2)
        self.assertIn('the source of track "cam-anna" is lost: it fails after 0:00:01.000, as its URI says; it is tried again in 1 s',
                      self.said["lost"])
        self.assertGreaterEqual(self.said["lost"].count('track "cam-anna" is there'), 2)
        self.assertEqual(self.said["lost"].count('track "cam-boris" is there'), 1)

    def test_a_screen_is_the_stage(self):
        self.assertEqual(self.status["stage"], 0, self.said["stage"])
        last = self.film("stage.mp4", LENGTHS["stage"])[-1]
        self.assertEqual([color(last, 0.4, 0.5), color(last, 0.9, 0.1), color(last, 0.9, 0.9)], ["green", "red", "black"])
        heard = sound(self.dir / "stage.mp4")
        self.assertEqual(pitch(heard, 1.1), 880)
        tenths = heard[SOUND:SOUND + SOUND // 2].astype(float).reshape(5, -1)  # a busy machine may lose some of a live tone
        level = 10 * numpy.log10(numpy.mean(tenths ** 2, axis=1).max())
        self.assertAlmostEqual(level, -20 - 6 + 3, delta=0.5)  # ffmpeg makes one channel 3 dB louder than two that are alike

    def test_a_loss_can_end_it(self):
        self.assertEqual(self.status["fails"], 5, self.said["fails"])
        self.assertIn('"on-damage" is "fail"', self.said["fails"])
        self.assertLess(len(self.film("fails.mp4")), 10 * RATE)

    def test_ctrl_c_ends_it_whole(self):
        self.assertEqual(self.status["stopped"], 0, self.said["stopped"])
        self.assertGreater(len(self.film("stopped.mp4")), RATE)

    def test_what_was_killed_can_be_finished(self):
        folder = self.dir / "killed.mp4.chunks"
        records = chunks(folder)
        self.assertGreaterEqual(len(records), 2)
        for record in records:
            self.assertEqual(len(frames(folder / record["file"])), record["frames"])
        again = run(self.dir, "record", "stage.json", "-o", "killed.mp4")
        self.assertEqual(again.returncode, 2)
        self.assertIn("rostrum record --finish", again.stderr)
        inside = run(folder, "record", "--finish", ".", "-o", "killed.mp4")
        self.assertEqual((inside.returncode, "lies among the chunks" in inside.stderr), (2, True), inside.stderr)
        holder = os.open(folder, os.O_RDONLY)
        fcntl.flock(holder, fcntl.LOCK_EX)
        for words in (["--finish", folder], ["stage.json", "-o", "killed.mp4"]):
            busy = run(self.dir, "record", *words)
            self.assertEqual((busy.returncode, "is being recorded" in busy.stderr), (2, True), busy.stderr)
        os.close(holder)
        (folder / "notes.txt").write_text("mine")
        done = run(self.dir, "record", "--finish", folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(os.listdir(folder), ["notes.txt"])  # what is somebody's stays
        shutil.rmtree(folder)
        self.assertEqual(len(self.film("killed.mp4")), sum(record["frames"] for record in records))

    def test_ctrl_c_stops_the_joining_and_leaves_the_chunks(self):
        """One signal stops it cleanly, two at once end the process in their handler."""
        run(self.dir, "record", "stage.json", "-o", "joined.mp4", "--duration", 1, "--keep")
        folder, hidden = self.dir / "joined.mp4.chunks", self.dir / ".joined.mp4.record"
        (self.dir / "joined.mp4").unlink()
        before = sorted(os.listdir(folder))
        for signals in ([signal.SIGINT], [signal.SIGINT, signal.SIGTERM]):
            for _ in range(10):  # it may be through before it is stopped
                process = start(self.dir, "record", "--finish", folder, "--keep", "--overwrite")
                until(lambda: hidden.exists() or process.poll() is not None)
                process.send_signal(signal.SIGSTOP)
                for number in signals:
                    process.send_signal(number)
                process.send_signal(signal.SIGCONT)
                said = process.communicate(timeout=LONGEST)[1]
                if process.returncode != 0:
                    break
            self.assertEqual(process.returncode, 130, said)
            self.assertIn(f"`rostrum record --finish {folder}` makes the film of it", said)
            self.assertEqual((hidden.exists(), sorted(os.listdir(folder))), (False, before))
        self.assertEqual(run(self.dir, "record", "--finish", folder, "--overwrite").returncode, 0)
        self.assertEqual(len(self.film("joined.mp4", 1)), RATE)

    def test_it_says_what_is_wrong(self):
        (self.dir / "net.json").write_text(json.dumps(job(camera("anna", "rtsp://user:secret@camera.invalid/1"),
                                                          camera("boris", "srt://:9000"), camera("clara", "srt://10.0.0.7:9000"),
                                                          {"id": "d", "kind": "camera", "uri": "srt://127.example:9000?mode=listener"})))
        (self.dir / "file.json").write_text(json.dumps({"rostrum": 1, "tracks": []}))
        for words, status, texts in (
                (["render", "lost.json"], 2, ["`rostrum record`"]), (["plan", "lost.json"], 2, ["is a live job"]),
                (["record", "file.json"], 2, ["none of its tracks is live"]), (["record"], 2, ["JOB is required"]),
                (["record", "lost.json", "-o", "talk.mp4"], 2, ["--overwrite"]),
                (["record", "lost.json", "-o", "talk.mkv"], 2, ["--output", "name it .mp4"]),
                (["record", "--finish", ".", "-o", "talk.mov"], 2, ["--output", "name it .mp4"]),
                (["record", "lost.json", "-o", "vp9.mp4", "--encoder", "vp9"], 2, ["made as H.264"]),
                (["record", "net.json"], 3, ["/tracks/0/uri: the host camera.invalid", "--allow-host camera.invalid",
                                             "/tracks/1/uri: it waits where other machines can call", "--allow-host 10.0.0.7", "/tracks/3/uri: it waits where"]),
                (["record", "--finish", "."], 2, ["name the film by -o"]),
                (["preview", "lost.json", "--at", "3", "--video-sink", "fakevideosink"], 2, ["begins now"])):
            done = run(self.dir, *words)
            self.assertEqual(done.returncode, status, (words, done.stderr))
            for text in texts:
                self.assertIn(text, done.stderr)
            self.assertNotIn("secret", done.stderr)

    def test_the_example_of_the_documentation_records(self):
        example = shutil.copy(SOURCE / "docs/examples/two-cameras.json", self.dir)
        page = (SOURCE / "docs/live.md").read_text()
        self.assertEqual(json.loads(page.split("```json\n")[1].split("```")[0]), json.loads(pathlib.Path(example).read_text()))
        done = run(self.dir, "record", "two-cameras.json", "--duration", 1)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(streams(self.dir / "two-cameras.mp4")["streams"][0]["nb_frames"], str(RATE))

    def test_it_is_shown_as_it_happens(self):
        terminal = Terminal([TOOL, "preview", "lost.json", "--video-sink", "fakevideosink", "--audio-sink", "fakeaudiosink"], self.dir)
        self.addCleanup(terminal.close)
        terminal.until(r'track "cam-boris" is there')
        terminal.until(r"0:00:\d\d\.\d+  Anna")
        terminal.press("\033[C", "shown as it happens")
        terminal.press("h", "quit")
        terminal.until("is lost: it fails after")
        os.write(terminal.master, b"q")
        self.assertEqual(terminal.process.wait(LONGEST), 0)


@unittest.skipUnless(shutil.which("gst-launch-1.0") and all(
    subprocess.run(["gst-inspect-1.0", "--exists", name]).returncode == 0 for name in ("srtsink", "rtspsrc", "rtph264pay")),
    "no gst-launch-1.0, srtsink or rtspsrc")
class NetworkTest(unittest.TestCase):
    """A network camera as the screen, and a server of SRT that goes and comes."""

    def setUp(self):
        box = tempfile.TemporaryDirectory()
        self.addCleanup(box.cleanup)
        self.dir = pathlib.Path(box.name).resolve()
        self.camera = rtsp_camera.Camera("green", WIDTH, HEIGHT)
        self.addCleanup(self.camera.close)
        self.port = rtsp_camera.free_port()

    def serve(self):
        line = (f"gst-launch-1.0 -q videotestsrc is-live=true pattern=blue ! video/x-raw,width={WIDTH},height={HEIGHT},framerate=25/1 ! "
                "x264enc tune=zerolatency key-int-max=12 ! mpegtsmux name=m ! "
                f"srtsink uri=srt://127.0.0.1:{self.port}?mode=listener wait-for-connection=false "
                "audiotestsrc is-live=true freq=500 ! avenc_aac ! m.")
        server = subprocess.Popen(line.split(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (server.kill(), server.wait()))
        return server

    def test_sources_of_the_network_come_and_go(self):
        content = job({"id": "desk", "kind": "screen", "uri": self.camera.uri}, camera("boris", f"srt://127.0.0.1:{self.port}"))
        (self.dir / "net.json").write_text(json.dumps(content))
        server = self.serve()
        process = start(self.dir, "record", "net.json", "--duration", 7, "--allow-host", "127.0.0.1", "--chunk-duration", 1)
        until(lambda: len(chunks(self.dir / "net.mp4.chunks")) >= 3 or process.poll() is not None)
        server.send_signal(signal.SIGINT)
        server.wait(LONGEST)
        self.serve()
        said = process.communicate(timeout=LONGEST)[1]
        self.assertEqual(process.returncode, 0, said)
        self.assertIn('the source of track "cam-boris" is lost', said)
        pictures = frames(self.dir / "net.mp4")
        self.assertEqual(len(pictures), 7 * RATE)
        stage = [color(picture, 0.4, 0.5) for picture in pictures]
        self.assertEqual(set(stage[3 * RATE:]), {"green"})
        beside = [color(picture, 0.9, 0.1) for picture in pictures]
        self.assertEqual([beside[3 * RATE], beside[-1]], ["blue", "blue"])
        self.assertIn("green", beside[3 * RATE:])  # alone, the screen fills the canvas
        self.assertEqual(pitch(sound(self.dir / "net.mp4"), 6.4), 500)


if __name__ == "__main__":
    unittest.main()
