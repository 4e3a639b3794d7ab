# SPDX-License-Identifier: LGPL-2.1-or-later
"""Media that crash, bloat or hang whatever looks into them.  Usage: probe_test.py ROSTRUM PLUGIN [unittest options]"""
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import meeting_case
import recording

ROSTRUM, PLUGIN = (os.path.abspath(sys.argv.pop(1)) for _ in range(2))


def bytes_free():
    return int(re.search(r"MemAvailable:\s*(\d+) kB", pathlib.Path("/proc/meminfo").read_text())[1]) << 10


def huge_avi(path, side):
    """Motion JPEG whose headers, and the picture itself, claim a square of this side."""
    recording.launch("videotestsrc num-buffers=25 ! video/x-raw,width=320,height=176,framerate=25/1 ! jpegenc !",
                     f"avimux ! filesink location={path}")
    data = path.read_bytes()
    size = struct.pack("<II", 320, 176)
    assert size in data
    data = data.replace(size, struct.pack("<II", side, side))
    frame = re.compile(rb"(\xff\xc0\x00\x11\x08)" + re.escape(struct.pack(">HH", 176, 320)))
    data, pictures = frame.subn(lambda found: found[1] + struct.pack(">HH", side, side), data)
    assert pictures == 25
    path.write_bytes(data)


def worker_of(parent, seconds=30):
    """The number of its worker that looks into media, once that is there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for number in pathlib.Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split():
            with contextlib.suppress(OSError):  # it has ended
                if b".probe\0" in pathlib.Path(f"/proc/{number}/cmdline").read_bytes():
                    return number
        time.sleep(0.01)
    raise TimeoutError("no worker was started")


class ProbeTest(meeting_case.MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        box = tempfile.TemporaryDirectory()
        cls.addClassCleanup(box.cleanup)
        registry = pathlib.Path(box.name) / "registry.bin"
        shutil.copy(PLUGIN, box.name)
        if os.path.exists(os.environ.get("GST_REGISTRY", "")):
            shutil.copy(os.environ["GST_REGISTRY"], registry)
        cls.environment = {**os.environ, "GST_PLUGIN_PATH": box.name, "GST_REGISTRY": str(registry)}

    def run_tool(self, *words, **variables):
        done = subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, timeout=120,
                              stdin=subprocess.DEVNULL, env={**self.environment, **variables})
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def harm(self, what, name="boris.mp4"):
        (self.dir / name).write_bytes(f"HARM {what}\n".encode() + bytes(5000))

    def states(self, **variables):
        """Of each asset, as `plan --assets` says it."""
        lines = self.run_tool("plan", self.job, "--assets", **variables).splitlines()
        return {line.split("\t")[0]: line.split("\t")[1] for line in lines}

    def assert_only_boris_is_lost(self, why, **variables):
        self.assertEqual(self.states(**variables), {"anna": "ok", "boris": why, "slide": "ok"})

    def test_a_film_is_made_without_a_medium_that_crashes_its_decoder(self):
        self.harm("crash")
        self.run_tool("render", self.job, "-o", self.out, "--progress", "none")
        found = json.loads((self.dir / "out.report.json").read_text())["substitutions"]
        self.assertEqual([(s["asset"], s["clip"], s["instead"]) for s in found],
                         [("boris", "/tracks/1/clips/0", "nothing")])
        self.assertIn("its decoder crashes", found[0]["why"])
        self.assertEqual(recording.streams(self.out)["video"]["nb_read_frames"], "160")
        self.assertEqual(recording.samples(self.out), 48000 * 64 // 10)

        def without_boris(job):
            job["tracks"] = [track for track in job["tracks"] if track["id"] != "boris"]
        self.edit(without_boris)
        other = self.dir / "other.mp4"
        self.run_tool("render", self.job, "-o", other, "--progress", "none")
        self.assertEqual(recording.frame_hashes(self.out), recording.frame_hashes(other))

    def test_it_does_so_without_the_sandbox(self):
        self.harm("crash")
        self.assert_only_boris_is_lost("its decoder crashes", ROSTRUM_SANDBOX="off")

    def test_an_alternative_is_used_instead(self):
        shutil.move(self.dir / "boris.mp4", self.dir / "copy.mp4")
        self.harm("crash")
        self.edit(lambda job: job["assets"]["boris"].update(alternatives=["copy.mp4"]))
        self.assert_only_boris_is_lost("ok")

    @unittest.skipIf(bytes_free() < 4 << 30, "too little memory is free")
    def test_a_decoder_that_takes_gigabytes_is_ended(self):
        self.harm("eat")
        self.assert_only_boris_is_lost("its decoder takes more than 1536 MiB of memory")

    def test_a_decoder_that_hangs_is_left_behind(self):
        self.harm("hang")
        self.assert_only_boris_is_lost("it takes too long to read")

    def test_sound_whose_decoder_crashes_later_is_silence(self):
        (self.dir / "boris.mp4").unlink()
        recording.launch("audiotestsrc num-buffers=30 samplesperbuffer=8000 ! audio/x-raw,rate=8000,channels=1 !",
                         f"alawenc ! wavenc ! filesink location={self.dir / 'boris.mp4'}")

        def loud_and_long(job):
            job["audio"] = {"loudness": -20}
            boris = next(track for track in job["tracks"] if track["id"] == "boris")
            boris["clips"][0].update({"in": 6, "duration": 20})
        self.edit(loud_and_long)
        self.assert_only_boris_is_lost_later()

    def assert_only_boris_is_lost_later(self):
        done = subprocess.run([ROSTRUM, "render", self.job, "-o", self.out, "--progress", "none"], env=self.environment,
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r'asset "boris": .*boris\.mp4: its sound counts as silence, .*: its decoder crashes')
        found = json.loads((self.dir / "out.report.json").read_text())["substitutions"]
        self.assertEqual({s["asset"] for s in found}, {"boris"})

    def test_an_interrupt_ends_it_at_once(self):
        self.harm("hang")
        process = subprocess.Popen([ROSTRUM, "render", self.job, "-o", self.out, "--progress", "none"],
                                   stderr=subprocess.PIPE, env=self.environment)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        worker = worker_of(process)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(5), 130)
        self.assertFalse(pathlib.Path(f"/proc/{worker}").exists())
        self.assertFalse(self.out.exists())

    def test_a_vast_picture_is_not_decoded(self):
        huge_avi(self.dir / "boris.mp4", 65500)
        self.assert_only_boris_is_lost("its picture is larger than 16384 pixels")


if __name__ == "__main__":
    unittest.main()
