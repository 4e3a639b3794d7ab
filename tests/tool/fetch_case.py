# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests of `rostrum fetch`, the path of which is the first argument, against a server of their own.

What lies on the server is random, so that only the right bytes have the right hash.
"""
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

import fetch_server

ROSTRUM = os.path.abspath(sys.argv.pop(1))
NO_PROXY = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy") and not k.startswith("ROSTRUM_")}
QUICK = ("--retry-pause", "0.01", "--stall-timeout", "1")


def sha256(content):
    return hashlib.sha256(content).hexdigest()


class FetchCase(unittest.TestCase):
    def setUp(self):
        box = tempfile.TemporaryDirectory()
        self.addCleanup(box.cleanup)
        self.dir = pathlib.Path(box.name).resolve()
        self.out = self.dir / "out"
        self.server = fetch_server.Server()
        self.addCleanup(self.server.close)
        self.content = random.Random(self.id()).randbytes(300_000)

    def command(self, *words, hosts=("127.0.0.1",)):
        allowed = [word for host in hosts for word in ("--allow-host", host)]
        return [ROSTRUM, "fetch", *map(str, words), "-o", str(self.out), "--allow-http", *allowed, *QUICK,
                *(() if "--progress" in words else ("--progress", "none"))]

    def run_fetch(self, *words, status=0, hosts=("127.0.0.1",), **environment):
        done = subprocess.run(self.command(*words, hosts=hosts), capture_output=True, text=True, timeout=120,
                              stdin=subprocess.DEVNULL, env=NO_PROXY | environment)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assert_nothing_partial()
        return done

    def job(self, **assets):
        """A manifest of pictures; an asset is a URL or an object."""
        path = self.dir / "job.json"
        path.write_text(json.dumps({
            "rostrum": 1, "duration": len(assets),
            "assets": {name: {"uri": asset} if isinstance(asset, str) else asset for name, asset in assets.items()},
            "tracks": [{"id": "deck", "kind": "slides", "clips": [
                {"asset": name, "start": i, "duration": 1} for i, name in enumerate(assets)]}]}))
        return path

    def fetch(self, *words, status=0, **assets):
        return self.run_fetch(self.job(**assets), *words, status=status)

    def media(self):
        """By file name, what is there under its final name."""
        folder = self.out / "media"
        return {f.name: f.read_bytes() for f in folder.iterdir() if not f.name.startswith(".")} if folder.exists() else {}

    def assert_nothing_partial(self):
        whole = {sha256(resource.content) for resource in self.server.resources.values()}
        for name, content in self.media().items():
            self.assertIn(sha256(content), whole, f"{name} holds something that never lay on the server")

    def assert_fetched(self, *contents):
        self.assertEqual(sorted(map(sha256, self.media().values())), sorted(map(sha256, contents)))
        self.assertEqual([f.name for f in (self.out / "media").iterdir() if f.name.startswith(".")], [])

    def ranges(self, path="/a.png"):
        return [headers.get("Range") for headers in self.server.asked(path)]

    def traced(self, calls, *command):
        """The lines of strace(1) for these system calls of a command."""
        trace = self.dir / "trace"
        if not shutil.which("strace"):
            self.skipTest("strace is not installed")
        done = subprocess.run(["strace", "-f", "-qq", "-s", "4096", "-e", f"trace={calls}", "-o", trace, *command],
                              capture_output=True, timeout=120, env=NO_PROXY, cwd=self.dir)
        if b"ptrace" in done.stderr:
            self.skipTest(done.stderr.decode())
        return trace.read_text(errors="replace").splitlines()
