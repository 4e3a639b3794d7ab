# SPDX-License-Identifier: LGPL-2.1-or-later
"""Nothing that a job or its media name gets out: no other file is opened, no connection made.
Usage: escape_test.py ROSTRUM ESCAPIST [--rounds N] [unittest options]

A secret lies beside the job's folder.  That nobody opens it is told by inotify, which sees every process; that it does
not get into the film, by its colour in the frames that ffmpeg decodes."""
import argparse
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

import hostile
import recording
import witness

parser = argparse.ArgumentParser()
parser.add_argument("rostrum", type=os.path.abspath)
parser.add_argument("escapist", type=os.path.abspath)
parser.add_argument("--rounds", type=int, default=20)
OPTIONS, REST = parser.parse_known_args()
SECRET_TEXT = "the-secret-that-nobody-reads"
BLUE, MAGENTA = 0xFF2040A0, 0xFFFF00FF


def run(*words, **options):
    return subprocess.run([OPTIONS.rostrum, *map(str, words)], capture_output=True, timeout=120,
                          stdin=subprocess.DEVNULL, **options)


class EscapeCase(unittest.TestCase):
    """`self.dir` is a job's folder with slide.png and camera.mp4; `self.secret` lies beside it."""

    @classmethod
    def setUpClass(cls):
        box = tempfile.TemporaryDirectory()
        cls.addClassCleanup(box.cleanup)
        cls.made = pathlib.Path(box.name)
        recording.slide(cls.made / "slide.png", BLUE)
        recording.slide(cls.made / "secret.png", MAGENTA)
        recording.camera(cls.made / "camera.mp4", 1, pattern="ball")
        recording.launch(f"videotestsrc pattern=solid-color foreground-color={MAGENTA} num-buffers=25 !",
                         "video/x-raw,width=320,height=180,framerate=25/1 ! x264enc ! h264parse !",
                         f"mpegtsmux ! filesink location={cls.made}/secret.ts")

    def setUp(self):
        box = tempfile.TemporaryDirectory()
        self.addCleanup(box.cleanup)
        base = pathlib.Path(box.name).resolve()
        self.dir, self.secret = base / "job", base / "secret"
        self.dir.mkdir()
        self.secret.mkdir()
        for name in ("slide.png", "camera.mp4"):
            shutil.copy(self.made / name, self.dir)
        for name in ("secret.png", "secret.ts"):
            shutil.copy(self.made / name, self.secret)
        (self.secret / "secret.txt").write_text(SECRET_TEXT)
        (self.secret / "secret.svg").write_text(hostile.svg('<rect id="s" width="320" height="180" fill="#f0f"/>'))
        (self.secret / "secret.css").write_text("rect { fill: #f0f }")
        (self.secret / "secret.pdfstream").write_bytes(b"1 0 1 rg 0 0 320 180 re f")
        self.watched = witness.Watched(*self.secret.iterdir())
        self.addCleanup(self.watched.close)
        self.job, self.out = self.dir / "job.json", self.dir / "out.mp4"

    def write(self, uris, kind="slides", **more):
        """A job that shows each of these assets, one after the other."""
        assets = {f"a{i}": {"uri": uri} for i, uri in enumerate(uris)}
        clips = [{"asset": name, "start": 0.2 * i, "duration": 0.2} for i, name in enumerate(assets)]
        self.job.write_text(json.dumps({
            "rostrum": 1, "canvas": {"size": "320x180"}, "duration": 0.2 * len(uris), "assets": assets,
            "tracks": [{"id": "t", "kind": kind, "clips": clips}], **more}))

    def render(self, *words, **options):
        return run("render", self.job, "-o", self.out, "--overwrite", "--progress", "none", *words, **options)

    def assert_nothing_got_out(self, done, film=True):
        self.assertEqual(self.watched.events(), [], done.stderr)
        self.assertNotIn(SECRET_TEXT.encode(), done.stderr + done.stdout)
        if film:
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertFalse(witness.shows_secret(self.out))


class WitnessTest(EscapeCase):
    def test_the_witnesses_see(self):
        self.write([str(self.secret / "secret.png")])
        self.assertEqual(self.render("--allow-root", self.secret).returncode, 0)
        self.assertTrue(witness.shows_secret(self.out))
        self.assertIn(str(self.secret / "secret.png"), {path for path, _ in self.watched.events()})


class PathsTest(EscapeCase):
    def test_ways_out_are_refused(self):
        png = self.secret / "secret.png"
        (self.dir / "link.png").symlink_to(png)
        (self.dir / "door").symlink_to(self.secret)
        (self.dir / "chain").symlink_to("door")
        uris = ["../secret/secret.png", str(png), f"file://{png}", "link.png", "door/secret.png", "chain/secret.png",
                "file:..%2Fsecret%2Fsecret.png", f"/proc/self/cwd/../{png.parent.name}/secret.png",
                f"/proc/self/root{png}", "/dev/zero", "/etc/passwd"]
        self.write(uris)
        done = self.render(cwd=self.dir)
        self.assertEqual(done.returncode, 3)
        self.assert_nothing_got_out(done, film=False)
        said = done.stderr.decode().splitlines()
        for i in range(len(uris)):
            [line] = [line for line in said if f"/assets/a{i}/uri" in line]
            for part in (f'asset "a{i}"', "--allow-root "):
                self.assertIn(part, line)
        self.assertIn(f"link.png is a link, or lies behind one, that leads to {png}", done.stderr.decode())
        self.assertIn(f"--allow-root {self.secret}", done.stderr.decode())

    def test_links_that_stay_inside_are_followed(self):
        (self.dir / "sub").mkdir()
        shutil.move(self.dir / "slide.png", self.dir / "sub")
        (self.dir / "link.png").symlink_to("sub/slide.png")
        (self.dir / "absolute.png").symlink_to(self.dir / "sub/slide.png")
        (self.dir / "door").symlink_to("sub")
        self.write(["link.png", "absolute.png", "door/slide.png", str(self.dir / "sub/slide.png")])
        done = self.render("--on-damage", "fail")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_media_folders_hold_no_ways_out_either(self):
        (self.dir / "downloads").mkdir()
        (self.dir / "downloads" / "remote.png").symlink_to(self.secret / "secret.png")
        self.write(["https://example.org/remote.png"])
        done = self.render("--media", self.dir / "downloads")
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"--allow-root", done.stderr)
        self.assert_nothing_got_out(done, film=False)

    def test_what_is_no_file_is_not_opened(self):
        os.mkfifo(self.dir / "pipe.mp4")
        (self.dir / "folder.mp4").mkdir()
        server = socket.socket(socket.AF_UNIX)
        self.addCleanup(server.close)
        server.bind(str(self.dir / "socket.mp4"))
        self.write(["pipe.mp4", "folder.mp4", "socket.mp4", "/dev/zero", "/dev/stdin", "camera.mp4"], kind="camera")
        done = self.render("--allow-root", "/dev", "--allow-root", "/proc")
        self.assertEqual(done.returncode, 0, done.stderr)
        for why in (b"a pipe, not a file", b"a folder", b"a device, not a file"):
            self.assertIn(why, done.stderr)


class MediaTest(EscapeCase):
    def test_pictures_pull_nothing(self):
        names = hostile.pictures(self.dir, self.secret)
        self.write(names)
        self.assert_nothing_got_out(self.render())

    def test_playlists_pull_nothing(self):
        listener = witness.Listener()
        self.addCleanup(listener.close)
        names = hostile.playlists(self.dir, self.secret / "secret.ts", listener.port)
        self.write([*names, "camera.mp4"], kind="camera")
        self.assert_nothing_got_out(self.render())
        self.assertFalse(listener.connected())

    def test_external_data_of_mp4_is_not_followed(self):
        names = hostile.movies(self.dir, self.dir / "camera.mp4", self.secret / "secret.ts")
        self.write([*names, "camera.mp4"], kind="camera")
        self.assert_nothing_got_out(self.render())
        self.assert_nothing_got_out(run("plan", self.job, "--contact-sheet", self.dir / "sheet.png"), film=False)
        self.assert_nothing_got_out(run("verify", self.dir / names[0]), film=False)


class NamesTest(EscapeCase):
    NASTY = "a%n%s\x1b]0;x\x07\x1b[31mb\nrostrum: ok\u009b\u202e\u2028\x7f$(touch pwned);`touch pwned`|&"

    def assert_clean(self, done):
        for stream in (done.stdout, done.stderr):
            text = stream.decode()
            self.assertFalse([c for c in text if c not in "\n\t" and (ord(c) < 32 or 127 <= ord(c) < 160)
                              or c in "\u202e\u2028"], text)
            self.assertNotIn("\nrostrum: ok", text)

    def test_names_are_inert(self):
        png, pdf = f"{self.NASTY}.png", f"-{self.NASTY}.pdf"
        shutil.move(self.dir / "slide.png", self.dir / png)
        (self.dir / pdf).write_bytes(hostile.pdf(b"0 0 1 rg 0 0 320 180 re f"))
        self.write([png, pdf], title=self.NASTY, people=[{"id": "p", "name": self.NASTY}])
        self.assert_clean(self.render("--on-damage", "fail", cwd=self.dir))
        self.assertTrue(self.out.exists())
        for words in (["plan", self.job], ["plan", self.job, "--json"], ["plan", self.job, "--assets"],
                      ["plan", self.job, "--explain", "0.1"], ["plan", self.job, "--dot"], ["verify", self.out],
                      ["verify", self.out, "--json"]):
            done = run(*words, cwd=self.dir)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_clean(done)
        self.assertEqual(json.loads(run("plan", self.job, "--json").stdout)["title"],
                         json.loads(self.job.read_text())["title"])
        self.assertFalse((self.dir / "pwned").exists())

    def test_errors_are_clean(self):
        folder = self.dir / self.NASTY.replace("/", "")
        folder.mkdir()
        for uri in (f"/{self.NASTY}", f"https://example.org/{self.NASTY}", f"{self.NASTY}:", f"{self.NASTY}.mp4"):
            self.write([uri])
            shutil.copy(self.job, folder / f"{self.NASTY}.json")
            self.assert_clean(run("render", folder, "--progress", "json"))
        left = folder / f"{self.NASTY}.rostrum"
        (left / "chunks").mkdir(parents=True)
        (left / "lock").touch()
        self.assert_clean(run("gc", folder))

    def test_a_record_writes_no_names_of_its_own(self):
        record = self.dir / "record.json"
        record.write_text(json.dumps({"duration": 1, "name": "../../evil", "eventLogs": [
            {"module": "mediasession.add", "relativeTime": 0, "data": {"id": 1, "url": "camera.mp4", "stream": {
                "id": 5, "conference": {"id": 9, "user": {"id": 7, "nickname": "../../" + self.NASTY}}}}}]}))
        self.job.unlink(missing_ok=True)
        imported = run("import", "mtslink", record)
        self.assertEqual(imported.returncode, 0)
        self.assert_clean(imported)
        before = {path.name for path in self.dir.parent.iterdir()}
        done = run("render", record, "--audio-only", "--stems", "-o", self.dir / "out.m4a", "--progress", "none")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_clean(done)
        self.assertEqual({path.name for path in self.dir.parent.iterdir()}, before)


class SwapTest(EscapeCase):
    """A name that means another file every few microseconds."""

    def setUp(self):
        super().setUp()
        shutil.copy(self.secret / "secret.png", self.secret / "slide.png")
        self.watched.close()
        self.watched = witness.Watched(*self.secret.iterdir())

    def swap_link(self, stop):
        inside, outside = self.dir / "slide.png", self.secret / "slide.png"
        new, link = self.dir / "new", self.dir / "link.png"
        while not stop.is_set():
            for target in (outside, inside):
                new.symlink_to(target)
                os.replace(new, link)

    def swap_folder(self, stop):
        media, door, held = (self.dir / name for name in ("media", "door", "held"))
        while not stop.is_set():
            for one, other in ((media, door), (door, media)):
                os.rename(one, held)
                os.rename(other, one)
                os.rename(held, other)

    def swapped(self, uri, swap, rounds):
        self.write([uri])
        stop = threading.Event()
        thread = threading.Thread(target=swap, args=(stop,))
        thread.start()
        ends = set()
        try:
            for _ in range(rounds):
                done = self.render("--draft", "--verify", "off", "--jobs", "1")
                self.assertIn(done.returncode, (0, 3, 5), done.stderr)
                self.assert_nothing_got_out(done, film=done.returncode == 0)
                ends.add(done.returncode)
        finally:
            stop.set()
            thread.join()
        return ends

    def test_a_link_that_is_swapped_leads_nowhere_else(self):
        (self.dir / "link.png").symlink_to("slide.png")
        self.swapped("link.png", self.swap_link, OPTIONS.rounds // 2)

    def test_a_folder_that_is_swapped_leads_nowhere_else(self):
        (self.dir / "media").mkdir()
        shutil.copy(self.dir / "slide.png", self.dir / "media")
        (self.dir / "door").symlink_to(self.secret)
        self.swapped("media/slide.png", self.swap_folder, OPTIONS.rounds // 2)


class WorkerTest(EscapeCase):
    def escape(self, **environment):
        self.write(["slide.png"])
        done = self.render("--keep", env={
            **os.environ, "LD_PRELOAD": OPTIONS.escapist, "ESCAPE_SECRET": str(self.secret / "secret.txt"),
            "ESCAPE_NEW": str(self.dir / "new"), "ESCAPE_PARENT": str(self.dir / "parent.txt"), **environment})
        self.assertEqual(done.returncode, 0, done.stderr)
        text = (self.dir / "out.mp4.rostrum" / "chunks" / "escape.txt").read_text()
        return dict(line.split(" ", 1) for line in text.splitlines())

    def protection(self):
        items = json.loads(run("doctor", "--json").stdout)["items"]
        return {item["name"]: item["ok"] for item in items if item["group"] == "protection"}

    def test_code_that_was_taken_over_stays_in_its_worker(self):
        there = self.protection()
        reached = self.escape()
        if "sandbox" in there or not (there["Landlock"] and there["seccomp"]):
            self.skipTest(f"not all protection is there: {there}")
        self.assertEqual(set(reached.values()), {"Permission denied"}, reached)
        self.assertEqual((self.dir / "parent.txt").read_text(), "Permission denied")
        self.assertEqual(self.watched.events(), [])
        self.assertFalse((self.dir / "new").exists())

    def test_the_attempts_would_succeed_otherwise(self):
        reached = self.escape(ROSTRUM_SANDBOX="off")
        self.assertEqual(set(reached.values()), {"done"}, reached)
        self.assertEqual((self.dir / "parent.txt").read_text(), "Success")

    def test_the_film_is_the_same_without_the_sandbox(self):
        (self.dir / "deck.pdf").write_bytes(hostile.pdf(b"0 1 0 rg 0 0 320 180 re f BT /F 40 Tf 9 9 Td (Words) Tj ET"))
        (self.dir / "text.svg").write_text(hostile.svg('<text x="9" y="99" font-size="40">Слова</text>'))
        self.write(["slide.png", "deck.pdf", "text.svg"], title="Тест",
                   cards=[{"at": "start", "duration": 1, "title": "Тест"}])
        job = json.loads(self.job.read_text())
        job["assets"]["camera"] = {"uri": "camera.mp4"}
        job["people"] = [{"id": "anna", "name": "Анна"}]
        job["tracks"].append({"id": "c", "kind": "camera", "person": "anna", "clips": [{"asset": "camera", "start": 0}]})
        job["layout"] = {"labels": True}
        self.job.write_text(json.dumps(job))
        films = []
        for said in ("on", "off"):
            done = self.render("--on-damage", "fail", env={**os.environ, "ROSTRUM_SANDBOX": said})
            self.assertEqual(done.returncode, 0, done.stderr)
            films.append(self.out.read_bytes())
        self.assertEqual(films[0], films[1])

    @unittest.skipUnless(shutil.which("strace"), "strace is not installed")
    def test_what_workers_open_is_theirs(self):
        self.write(["slide.png"])
        trace = self.dir.parent / "trace"
        done = subprocess.run(["strace", "-f", "-qq", "-s", "4096", "-e", "trace=open,openat,openat2,socket,execve", "-o", trace,
                               OPTIONS.rostrum, "render", self.job, "-o", self.out], capture_output=True, timeout=120)
        if b"ptrace" in done.stderr:
            self.skipTest(done.stderr.decode())
        self.assertEqual(done.returncode, 0, done.stderr)
        if not all(self.protection().values()):
            self.skipTest("not all protection is there")
        lines = trace.read_text(errors="replace").splitlines()
        workers = {line.split()[0] for line in lines if "execve(" in line and '"worker"' in line}
        self.assertTrue(workers)
        mine = str(self.dir)
        for line in lines:
            if line.split()[0] not in workers or "= -1" in line:
                continue
            self.assertNotIn("socket(", line)
            if mine in line and "execve(" not in line and "O_PATH" not in line:
                self.assertIn("/chunks/", line)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
