# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kills renders and their workers at random moments; the same command then makes the same film.

Usage: crash_test.py ROSTRUM [--rounds N] [--seed N] [unittest options]
"""
import argparse
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import long_meeting
import processes
import recording

PARSER = argparse.ArgumentParser()
PARSER.add_argument("rostrum")
PARSER.add_argument("--rounds", type=int, default=20)
PARSER.add_argument("--seed", type=int, default=1)
OPTIONS, REST = PARSER.parse_known_args()

STALL = 4  # seconds: far more than any worker needs to begin, few enough for many rounds


def worker_of(parent, rng, process):
    """A random worker of this process that renders a chunk, waited for; None when the process ended without one."""
    while process.poll() is None:
        workers = []
        for entry in pathlib.Path("/proc").iterdir():
            try:
                ours = entry.name.isdigit() and f"\nPPid:\t{parent}\n" in (entry / "status").read_text()
                command = (entry / "cmdline").read_bytes()
                if ours and b"\0worker\0" in command and b".job\0" in command:
                    workers.append(int(entry.name))
            except OSError:
                pass  # ended meanwhile
        if workers:
            return rng.choice(sorted(workers))
    return None


def signal_worker(number):
    def disturb(process, rng):
        try:
            worker = worker_of(process.pid, rng, process)
            if worker:
                os.kill(worker, number)
        except ProcessLookupError:
            pass  # it was done just now
    return disturb


def kill_both(process, rng):
    signal_worker(signal.SIGSTOP)(process, rng)  # a stopped worker must not survive its parent
    process.kill()


# How a render is disturbed, and what it may then return besides 0.
DISTURBANCES = {
    "parent killed": (lambda process, rng: process.kill(), {-signal.SIGKILL}),
    # the latter before it was ready to catch the signal
    "parent terminated": (lambda process, rng: process.terminate(), {130, -signal.SIGTERM}),
    "worker killed": (signal_worker(signal.SIGKILL), set()),
    "worker terminated": (signal_worker(signal.SIGTERM), set()),
    "worker crashed": (signal_worker(signal.SIGSEGV), set()),
    "worker stopped": (signal_worker(signal.SIGSTOP), set()),
    "worker stopped, parent killed": (kill_both, {-signal.SIGKILL})}


class CrashTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = tempfile.TemporaryDirectory()
        cls.job = long_meeting.make(cls.made.name)
        with cls.render(cls) as undisturbed:
            begin = time.monotonic()
            done = undisturbed.run()
            cls.seconds = time.monotonic() - begin
            assert done.returncode == 0, done.stderr
            assert undisturbed.report()["chunks"] == {"rendered": long_meeting.CHUNKS, "reused": 0}
            cls.hashes = recording.frame_hashes(undisturbed.out)
            cls.bytes = undisturbed.out.read_bytes()

    @classmethod
    def tearDownClass(cls):
        cls.made.cleanup()

    def render(self):
        return long_meeting.Render(OPTIONS.rostrum, self.job, "--stall-timeout", STALL)

    def assert_the_film(self, path):
        if path.read_bytes() != self.bytes:  # then at least every frame and sample is the same
            self.assertEqual(recording.frame_hashes(path), self.hashes)

    def disturb(self, render, name, rng):
        """Runs until a random moment, and what the disturbance leaves of it; says whether it was in time."""
        act, statuses = DISTURBANCES[name]
        process = render.start()
        try:
            process.wait(rng.uniform(0, self.seconds))
        except subprocess.TimeoutExpired:
            act(process, rng)
        said = process.communicate(timeout=60)[1]
        self.assertIn(process.returncode, {0} | statuses, said)
        self.assertEqual(render.orphans(), [])
        self.assertEqual(render.temporary_files(), [])
        if process.returncode == 130:
            self.assertIn("run the same command again" if render.work.exists() else "nothing was written", said)
        return process.returncode != 0

    def check_round(self, name, rng):
        with self.render() as render:
            ended = self.disturb(render, name, rng)
            if ended:
                if render.out.exists():
                    self.assert_the_film(render.out)  # under its name it is whole
                whole = render.journalled()
                done = render.run()
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(render.report()["chunks"],
                                 {"rendered": long_meeting.CHUNKS - whole, "reused": whole})
            self.assert_the_film(render.out)
            self.assertEqual(render.files(), ["out.mp4", "out.report.json"])
            self.assertEqual(render.report()["substitutions"], [])
            return ended

    def test_whatever_is_killed_the_film_is_the_same(self):
        rng = random.Random(OPTIONS.seed)
        names = list(DISTURBANCES)
        killed = ended = 0
        for number in range(OPTIONS.rounds):
            name = names[number % len(names)]
            with self.subTest(seed=OPTIONS.seed, round=number, disturbance=name):
                killed += bool(DISTURBANCES[name][1])
                ended += self.check_round(name, rng)
        self.assertGreaterEqual(2 * ended, killed, "most renders were over before they were disturbed")


class ChildrenTest(unittest.TestCase):
    """What a worker has started: pdftocairo, here a script that never ends."""

    def setUp(self):
        self.dir = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.job = long_meeting.make(self.dir)
        (self.dir / "slide.png").write_bytes(b"%PDF-1.4\n")
        self.sleep = processes.unique_sleep()
        for name, script in {"pdfinfo": "printf 'Pages: 1\\nPage    1 size: 640 x 360 pts\\n'",
                             "pdftocairo": "exec " + " ".join(self.sleep)}.items():
            program = self.dir / name
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o700)
        self.environment = {**os.environ, "PATH": f"{self.dir}:{os.environ['PATH']}"}

    def assert_ends(self, process, seconds=2):
        end = time.monotonic() + seconds
        while time.monotonic() < end and pathlib.Path(f"/proc/{process}").exists():
            time.sleep(0.01)
        self.assertFalse(pathlib.Path(f"/proc/{process}").exists())

    def drawing(self):
        """A render, one of its workers, and what draws a page for it."""
        render = self.enterContext(long_meeting.Render(OPTIONS.rostrum, self.job))
        process = subprocess.Popen(render.command, env=self.environment, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        page = processes.wait_for(self.sleep)
        worker = int(re.search(r"^PPid:\t(\d+)$", pathlib.Path(f"/proc/{page}/status").read_text(), re.M)[1])
        return process, worker, page

    def test_the_parent_does_not_load_what_its_workers_render_with(self):
        process, worker, _ = self.drawing()
        loaded = [pathlib.Path(f"/proc/{number}/maps").read_text() for number in (process.pid, worker)]
        self.assertEqual(["libgstcompositor" in text for text in loaded], [False, True])
        self.assertNotIn("libavcodec", loaded[0])

    def test_what_a_killed_worker_has_started_ends_with_it(self):
        _, worker, page = self.drawing()
        os.kill(worker, signal.SIGKILL)
        self.assert_ends(page)

    def test_what_the_workers_of_a_killed_render_have_started_ends_with_them(self):
        process, worker, page = self.drawing()
        process.kill()
        process.wait()
        self.assert_ends(worker)
        self.assert_ends(page)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
