#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The window of `render --preview`: render_window_test.py TOOL PLUGIN.  What it shows and plays is written down by the sinks of
PLUGIN (recorder.cpp); its work directory is filled by the test, chunk by chunk, or by a render."""
import ctypes
import hashlib
import json
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import numpy

import coloured
import numbered

TOOL, PLUGIN = map(os.path.abspath, (sys.argv.pop(1), sys.argv.pop(1)))
LONGEST = 30  # s
SECONDS = 65  # three chunks, two units of sound
FRAMES = SECONDS * numbered.RATE
CHUNKS = [(0, 750), (750, 1500), (1500, FRAMES)]
WORDS = ["--draft", "--verify", "off", "--progress", "none"]
SINKS = ["--video-sink", "picturerecorder", "--audio-sink", "soundrecorder"]


def until(what, done):
    end = time.monotonic() + LONGEST
    while not done():
        assert time.monotonic() < end, f"{what} does not come"
        time.sleep(0.02)


def process_with(word, environment=""):
    """A process with this in its command line, and that in its environment; None where there is none."""
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if word.encode() in (entry / "cmdline").read_bytes() and environment.encode() in (entry / "environ").read_bytes():
                return int(entry.name)
        except OSError:
            pass
    return None


def window_of(folder):
    return process_with("\0window\0", f"RECORDER={folder}\0")


class WindowCase(unittest.TestCase):
    """One job, and a render of it whose work directory was kept, for all."""

    made = None

    @classmethod
    def setUpClass(cls):
        if WindowCase.made:
            return
        made = tempfile.TemporaryDirectory()
        unittest.addModuleCleanup(made.cleanup)
        case, folder = WindowCase, pathlib.Path(made.name).resolve()
        case.made, case.film, case.work = folder, folder / "whole.mp4", folder / "whole.mp4.rostrum"
        (folder / "plugins").mkdir()
        shutil.copy(PLUGIN, folder / "plugins")
        case.env = {**os.environ, "GST_PLUGIN_PATH": str(folder / "plugins"), "GST_REGISTRY": str(folder / "registry.bin")}
        numbered.make(folder / "numbers.mp4", 0, FRAMES, numbered.CODINGS["baseline"])
        coloured.make_tone(folder / "anna.wav", SECONDS, 440)
        coloured.make_pdf(folder / "deck.pdf", [coloured.RED, coloured.YELLOW])
        numbers = {"id": "screen", "kind": "screen", "clips": [{"asset": "numbers", "start": 0}]}
        cls.write("job.json", [numbers], {})
        numbers["clips"][0]["start"] = 30
        slides = [{"asset": "deck", "page": page, "start": 15 * (page - 1), "duration": 15} for page in (1, 2)]
        cls.write("other.json", [numbers, {"id": "slides", "kind": "slides", "clips": slides}], {"codec": "opus"})
        subprocess.run([TOOL, "render", "job.json", "-o", str(case.film), "--keep", "--no-copy", *WORDS], check=True, cwd=folder,
                       env=case.env, stdin=subprocess.DEVNULL, timeout=120)

    @classmethod
    def write(cls, name, pictures, sound):
        (cls.made / name).write_text(json.dumps({
            "rostrum": 1, "title": "Numbers", "duration": SECONDS, "audio": sound,
            "canvas": {"size": f"{numbered.WIDTH}x{numbered.HEIGHT}", "rate": f"{numbered.RATE}/1"},
            "assets": {"numbers": {"uri": "numbers.mp4"}, "anna": {"uri": "anna.wav"}, "deck": {"uri": "deck.pdf"}},
            "tracks": [{"id": "voice", "kind": "microphone", "clips": [{"asset": "anna", "start": 0}]}, *pictures]}))

    def setUp(self):
        box = tempfile.TemporaryDirectory()
        self.addCleanup(box.cleanup)
        self.dir = pathlib.Path(box.name).resolve()
        self.env = {**self.env, "RECORDER": str(self.dir)}

    def recorded(self, name):
        path = self.dir / name
        return path.read_bytes() if path.exists() else b""

    def numbers(self, name="pictures"):
        raw = self.recorded(name)
        return [numbered.number_of(raw[at:at + numbered.FRAME]) for at in range(0, len(raw), numbered.FRAME)]

    def until_logged(self, line):
        until(line, lambda: line.encode() in self.recorded("log").splitlines())

    def assert_whole_sound(self, film=None):
        heard = numpy.frombuffer(self.recorded("sound"), "<f4").reshape(-1, 2)[:, 0]
        film = coloured.samples(film or self.film)
        self.assertEqual(len(heard), SECONDS * coloured.SOUND_RATE)
        self.assertLess(abs(heard - film[:len(heard)]).max(), 1e-4)


class ChunksCase(WindowCase):
    """The window alone, over a work directory that the test fills."""

    sinks = SINKS

    def open(self):
        self.listed = json.loads((self.work / "chunks.json").read_text())
        self.journal = {json.loads(line)["key"]: line for line in (self.work / "journal.ndjson").read_text().splitlines()}
        self.filled = self.dir / "work"
        (self.filled / "chunks").mkdir(parents=True)
        shutil.copy(self.work / "chunks.json", self.filled)
        self.window = subprocess.Popen([TOOL, "window", *self.sinks], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self.dir,
                                       env=self.env)
        self.addCleanup(self.end)
        self.assertEqual(self.window.stdout.readline(), b"open\n")
        self.tell("title", "numbers.mp4")
        self.tell("work", self.filled)

    def end(self):
        self.window.kill()
        self.window.wait()
        self.window.stdin.close()
        self.window.stdout.close()

    def tell(self, *words):
        self.window.stdin.write(" ".join(map(str, words)).encode() + b"\0")
        self.window.stdin.flush()

    def finish(self, chunks=(), sounds=()):
        keys = [self.listed["chunks"][i]["key"] for i in chunks] + [self.listed["sound"]["units"][i]["key"] for i in sounds]
        for key in keys:
            os.link(self.work / "chunks" / f"{key}.mp4", self.filled / "chunks" / f"{key}.mp4")
            with open(self.filled / "journal.ndjson", "a") as journal:
                journal.write(self.journal[key] + "\n")


class ChunksTest(ChunksCase):
    def setUp(self):
        super().setUp()
        self.open()

    def test_what_is_finished_is_played_once_and_in_order(self):
        self.assertEqual([(c["first"], c["end"]) for c in self.listed["chunks"]], CHUNKS)
        self.finish([0])
        self.finish([2], [0])
        self.until_logged("title numbers.mp4 (waits for the render at 0:00:30)")
        self.assertEqual(self.numbers(), list(range(750)))
        self.finish([1])
        self.finish([], [1])  # which is heard from the last moment of the second chunk on
        until("the end", lambda: len(self.recorded("pictures")) == FRAMES * numbered.FRAME)
        self.assertIsNone(self.window.poll())
        self.tell("film", self.film)
        self.assertEqual(self.window.wait(LONGEST), 0)
        self.assertEqual(self.numbers(), list(range(FRAMES)))
        self.assert_whole_sound()

    def test_it_goes_on_with_the_film(self):
        self.finish([0], [0])
        self.until_logged("title numbers.mp4 (waits for the render at 0:00:30)")
        shutil.rmtree(self.filled)
        self.tell("film", self.film)
        self.assertEqual(self.window.wait(LONGEST), 0)
        self.assertEqual(self.numbers(), list(range(FRAMES)))
        self.assert_whole_sound()

    def test_a_film_that_is_whole_before_anything_was_seen_is_shown(self):
        shutil.rmtree(self.filled)
        self.tell("film", self.film)
        self.assertEqual(self.window.wait(LONGEST), 0)
        self.assertEqual(self.numbers(), list(range(FRAMES)))

    def test_keys_move_about_in_what_is_finished(self):
        self.finish([0, 2], [0, 1])
        self.until_logged("title numbers.mp4 (waits for the render at 0:00:30)")
        self.tell("key space")
        for key, number in (("Left", 624), ("period", 625), ("comma", 624), ("Down", 623), ("Prior", 0), ("Left", 0), ("Right", 125),
                            ("Next", 749), ("Prior", 0), ("Up", 1)):
            before = len(self.recorded("still"))
            self.tell("key", key)
            until(key, lambda: len(self.recorded("still")) > before)
            self.assertEqual(self.numbers("still")[-1], number, key)
        self.tell("key s")
        saved = self.dir / "numbers-0-00-00.040.png"
        until("the picture", saved.exists)
        until("all of it", lambda: saved.stat().st_size > 0)
        self.assertEqual([number for number, _ in numbered.by_ffmpeg(saved)], [1])
        self.tell("key q")
        self.assertEqual(self.window.wait(LONGEST), 0)

    def test_it_ends_with_the_render(self):
        self.finish([0], [0])
        self.until_logged("title numbers.mp4 (waits for the render at 0:00:30)")
        self.window.stdin.close()
        self.assertEqual(self.window.wait(LONGEST), 0)


@unittest.skipUnless(shutil.which("Xvfb"), "no Xvfb")
@unittest.skipUnless(shutil.which("gst-inspect-1.0") and
                     subprocess.run(["gst-inspect-1.0", "--exists", "ximagesink"]).returncode == 0, "no ximagesink")
class DisplayTest(ChunksCase):
    sinks = ["--video-sink", "ximagesink", "--audio-sink", "fakeaudiosink"]

    def setUp(self):
        super().setUp()
        read, write = os.pipe()
        server = subprocess.Popen(["Xvfb", "-noreset", "-displayfd", str(write), "-screen", "0", "640x480x24", "-fbdir", self.dir],
                                  pass_fds=[write], stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (server.terminate(), server.wait()))
        os.close(write)
        self.addCleanup(os.close, read)  # the server has more to write there
        self.display = ":" + os.read(read, 16).decode().strip()
        self.env["DISPLAY"] = self.display
        self.open()

    def shown(self):
        """The number in the window, which has no manager and so stands in the corner."""
        raw = (self.dir / "Xvfb_screen0").read_bytes()  # XWD, as XWDFile.h of X describes it
        head = numpy.frombuffer(raw[:100], ">u4")
        begin, line = int(head[0] + 12 * head[19]), int(head[12])
        screen = numpy.frombuffer(raw[begin:begin + line * numbered.HEIGHT], numpy.uint8).reshape(numbered.HEIGHT, line)
        green = screen[:, 1:4 * numbered.WIDTH:4]
        return numbered.number_of(green.tobytes())

    def press(self, name):
        """As a keyboard does in the only window."""
        x11 = ctypes.CDLL("libX11.so.6")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XDefaultRootWindow.restype = x11.XStringToKeysym.restype = ctypes.c_ulong
        display = ctypes.c_void_p(x11.XOpenDisplay(self.display.encode()))
        root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
        ignored, children, count = ctypes.c_ulong(), ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
        x11.XQueryTree(display, root, ctypes.byref(ignored), ctypes.byref(ignored), ctypes.byref(children), ctypes.byref(count))
        code = x11.XKeysymToKeycode(display, ctypes.c_ulong(x11.XStringToKeysym(name.encode())))
        event = struct.pack("i4xQi4xQQQQQiiiiIIi", 2, 0, 1, display.value, children[0], root.value, 0, 0, 1, 1, 1, 1, 0, code, 1)
        x11.XSendEvent(display, ctypes.c_ulong(children[0]), 1, ctypes.c_long(1), event.ljust(192, b"\0"))
        x11.XCloseDisplay(display)

    def test_it_is_a_window_that_takes_keys(self):
        self.finish([0, 1, 2], [0, 1])
        until("the film", lambda: 10 < self.shown() < 700)
        self.press("space")
        self.press("Next")
        until("the second chunk", lambda: self.shown() == 750)
        self.press("Left")
        until("five seconds before", lambda: self.shown() == 625)
        self.press("q")
        self.assertEqual(self.window.wait(LONGEST), 0)


class RenderTest(WindowCase):
    def render(self, *words, sinks=SINKS, name="film.mp4", job="job.json"):
        process = subprocess.Popen([TOOL, "render", job, "-o", str(self.dir / name), *WORDS, "--preview", *sinks, *words], cwd=self.made, env=self.env,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (process.kill(), process.communicate()))
        return process

    def begun(self, name="film.mp4"):
        until("the render", (self.dir / f"{name}.rostrum" / "chunks.json").exists)

    def assert_same_film(self):
        self.assertEqual((self.dir / "film.mp4").read_bytes(), self.film.read_bytes())

    def hold_second_chunk(self, render):
        """Its worker, stopped, and the list of chunks."""
        self.begun()
        listed = json.loads((self.dir / "film.mp4.rostrum" / "chunks.json").read_text())
        worker = None
        while worker is None:
            self.assertIsNone(render.poll())
            worker = process_with(f"/{listed['chunks'][1]['key']}.job")
        os.kill(worker, signal.SIGSTOP)
        return worker, listed

    def test_the_render_says_why_the_window_has_ended(self):
        (self.dir / "broken").touch()
        render = self.render("--jobs", "1", "--no-copy")
        worker, _ = self.hold_second_chunk(render)
        until("the window's end", lambda: window_of(self.dir) is None)
        os.kill(worker, signal.SIGCONT)
        _, err = render.communicate(timeout=LONGEST)
        self.assertEqual(render.returncode, 0, err)
        self.assertIn("warning: the window has ended: The recorder is broken", err)
        self.assert_same_film()

    def test_the_window_shows_all_of_the_same_film_though_it_has_to_wait(self):
        render = self.render("--jobs", "1", "--keep", "--no-copy")
        worker, listed = self.hold_second_chunk(render)
        work = self.dir / "film.mp4.rostrum"
        self.until_logged("title film.mp4 (waits for the render at 0:00:30)")
        self.assertEqual(self.numbers(), list(range(750)))
        os.kill(worker, signal.SIGCONT)
        self.assertEqual(render.wait(LONGEST), 0, render.stderr.read())
        self.assert_same_film()
        until("the window's end", lambda: window_of(self.dir) is None)
        self.assertEqual(self.numbers(), list(range(FRAMES)))
        self.assert_whole_sound()
        names = {c["key"]: f"picture {i}" for i, c in enumerate(listed["chunks"])}
        names |= {u["key"]: f"sound {i}" for i, u in enumerate(listed["sound"]["units"])}
        self.assertEqual([names[json.loads(line)["key"]] for line in (work / "journal.ndjson").read_text().splitlines()],
                         ["sound 0", "picture 0", "sound 1", "picture 1", "picture 2"])

    def test_stills_copied_pictures_and_opus_are_those_of_the_film(self):
        shutil.copytree(self.work, self.dir / "work")  # where there are chunks of another job
        render = self.render("--rate", "variable", "--work", str(self.dir / "work"), job="other.json")
        self.assertEqual(render.wait(LONGEST), 0, render.stderr.read())
        until("the window's end", lambda: window_of(self.dir) is None)
        raw, film = self.recorded("pictures"), numbered.by_ffmpeg(self.dir / "film.mp4")
        frames = [raw[at:at + numbered.FRAME] for at in range(0, len(raw), numbered.FRAME)]
        self.assertEqual([hashlib.md5(frame).hexdigest() for frame in frames], [digest for _, digest in film])
        self.assert_whole_sound(self.dir / "film.mp4")

    def test_a_window_that_is_killed_does_not_touch_the_render(self):
        render = self.render("--no-copy")
        self.begun()
        os.kill(window_of(self.dir), signal.SIGKILL)
        out, err = render.communicate(timeout=LONGEST)
        self.assertEqual((render.returncode, out), (0, ""), err)
        self.assert_same_film()

    def test_the_window_ends_with_a_render_that_does_not_succeed(self):
        for number, status in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)):
            render = self.render("--no-copy", name=f"{status}.mp4")
            self.begun(f"{status}.mp4")
            self.assertIsNotNone(window_of(self.dir))
            render.send_signal(number)
            self.assertEqual(render.wait(LONGEST), status)
            until("the window's end", lambda: window_of(self.dir) is None)

    def test_what_cannot_be_shown_is_said_before_anything_is_rendered(self):
        self.env = {k: v for k, v in self.env.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
        for sinks, words, status, text in (([], [], 2, "no display"), (SINKS, ["--audio-only"], 2, "--audio-only"),
                                           (["--video-sink", "nosuchsink"], [], 4, "nosuchsink is missing")):
            render = self.render(*words, sinks=sinks)
            _, err = render.communicate(timeout=LONGEST)
            self.assertEqual(render.returncode, status, err)
            self.assertIn(text, err)
            self.assertEqual(list(self.dir.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
