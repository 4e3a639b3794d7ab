# SPDX-License-Identifier: LGPL-2.1-or-later
"""Full, read-only and foreign disks, damaged and left-over work directories.

Usage: disk_test.py ROSTRUM [unittest options]
"""
import contextlib
import fcntl
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import long_meeting
import recording
import small_disk

ROSTRUM = sys.argv.pop(1)
FREE = 10 << 20  # bytes: more than a render asks for before it begins


def gc(*words):
    return subprocess.run([ROSTRUM, "gc", *map(str, words)], capture_output=True, text=True, timeout=60)


def fill(path, leave):
    """Writes a file that leaves so many bytes of its file system free."""
    with contextlib.suppress(OSError):  # others write there, too: then it is as full
        path.write_bytes(b"x" * (shutil.disk_usage(path.parent).free - leave))


@contextlib.contextmanager
def locked(folder):
    """The work directory as another render holds it."""
    (folder / "chunks").mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class DiskTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = tempfile.TemporaryDirectory()
        cls.job = long_meeting.make(cls.made.name)
        with long_meeting.Render(ROSTRUM, cls.job) as undisturbed:
            done = undisturbed.run()
            assert done.returncode == 0, done.stderr
            cls.hashes = recording.frame_hashes(undisturbed.out)
            cls.bytes = undisturbed.out.read_bytes()

    @classmethod
    def tearDownClass(cls):
        cls.made.cleanup()

    def render(self, *words, **where):
        return self.enterContext(long_meeting.Render(ROSTRUM, self.job, *words, **where))

    def disk(self, options):
        return pathlib.Path(self.enterContext(small_disk.disk(options)))

    def assert_status(self, done, status):
        self.assertEqual(done.returncode, status, done.stderr)

    def assert_the_film(self, path):
        if path.read_bytes() != self.bytes:  # then at least every frame and sample is the same
            self.assertEqual(recording.frame_hashes(path), self.hashes)

    # --- disks -----------------------------------------------------------------------------------------

    def assert_asks_for_room(self, done, disk):
        self.assert_status(done, 2)
        self.assertRegex(done.stderr, f"{disk}.*: only .* are free, about .* are needed")

    def test_too_small_a_work_disk_is_2_before_anything_is_rendered(self):
        disk = self.disk("size=1m")
        render = self.render("--work", disk / "work")
        self.assert_asks_for_room(render.run(), disk)
        self.assertEqual(list(disk.iterdir()), [])
        small_disk.mount("-o", "remount,size=16m", disk)
        self.assert_status(render.run(), 0)

    def test_one_disk_must_have_room_for_the_chunks_and_the_film(self):
        disk = self.disk("size=3m")
        elsewhere = self.disk("size=3m")
        self.assert_asks_for_room(self.render(out=disk / "out.mp4").run(), disk)
        self.assert_status(self.render("--work", elsewhere / "work", out=disk / "out.mp4").run(), 0)

    def test_a_work_disk_that_fills_up_is_said_and_the_render_goes_on_when_there_is_room(self):
        disk = self.disk("size=16m")
        render = self.render("--work", disk / "work")
        render.work = disk / "work"
        render.out.write_text("precious")
        process = render.start()
        while process.poll() is None and not render.journalled():
            pass
        fill(disk / "ballast", 0)
        said = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, 1, said)
        self.assertRegex(said, "are free|[Nn]o space|full")
        self.assertIn(str(disk), said)
        self.assertEqual(render.out.read_text(), "precious")
        self.assertEqual(render.files(), ["out.mp4"])
        (disk / "ballast").unlink()
        self.assert_status(render.run(), 0)
        self.assertGreater(render.report()["chunks"]["reused"], 0)
        self.assert_the_film(render.out)
        self.assertFalse((disk / "work").exists())

    def test_a_disk_that_is_full_before_anything_is_written_is_said(self):
        disk = self.disk("size=1m")
        (disk / "work" / "chunks").mkdir(parents=True)
        fill(disk / "ballast", 0)
        done = self.render("--work", disk / "work").run()
        self.assertIn(done.returncode, (1, 2), done.stderr)
        self.assertRegex(done.stderr.lower(), "no space|full")

    def test_a_disk_that_fills_up_leaves_no_film_and_keeps_the_chunks(self):
        disk = self.disk(f"size={FREE}")
        render = self.render("--work", pathlib.Path(tempfile.mkdtemp(dir=self.made.name)) / "work", out=disk / "out.mp4")
        render.work = pathlib.Path(render.command[-1])
        process = render.start()
        while process.poll() is None and not render.journalled():
            pass
        fill(disk / "ballast", 1 << 16)
        said = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, 1, said)
        self.assertIn(str(disk), said)
        self.assertRegex(said, "no space left|only .* are free, about .* are needed")
        self.assertEqual(render.files(), ["ballast"])
        (disk / "ballast").unlink()
        self.assert_status(render.run(), 0)
        self.assertGreater(render.report()["chunks"]["reused"], 0)
        self.assert_the_film(render.out)

    def test_too_small_an_output_disk_is_2_before_anything_is_rendered(self):
        disk = self.disk("size=1m")
        render = self.render(out=disk / "out.mp4")
        done = render.run()
        self.assert_status(done, 2)
        self.assertIn("free", done.stderr)
        self.assertEqual(render.files(), [])

    def test_a_read_only_output_folder_is_2_before_anything_is_rendered(self):
        disk = self.disk("ro")
        for done in (self.render(out=disk / "out.mp4").run(), self.render("--work", disk / "work").run()):
            self.assert_status(done, 2)
            self.assertIn(str(disk), done.stderr)
            self.assertIn("Read-only", done.stderr)

    def test_the_work_directory_may_lie_on_another_disk(self):
        disk = self.disk("size=16m")
        render = self.render("--work", disk / "work")
        self.assert_status(render.run(), 0)
        self.assert_the_film(render.out)
        self.assertEqual(list(disk.iterdir()), [])

    def test_what_a_killed_render_has_joined_is_no_lack_of_room(self):
        disk = self.disk("size=4m")
        render = self.render("--keep", out=disk / "out.mp4")
        self.assert_status(render.run(), 0)
        (film,) = disk.glob("*.mp4")
        digest = hashlib.sha256(str(render.work).encode()).hexdigest()[:8]
        film.unlink()
        fill(disk / f".out.mp4.{digest}.part", 1 << 14)
        self.assert_status(render.run(), 0)
        self.assertEqual(render.report()["chunks"]["rendered"], 0)
        self.assert_the_film(render.out)

    # --- work directories ------------------------------------------------------------------------------

    def test_a_work_directory_in_use_is_2(self):
        render = self.render()
        with locked(render.work):
            done = render.run()
            self.assert_status(done, 2)
            self.assertIn("another render", done.stderr)
            self.assertIn(str(render.work), done.stderr)
            self.assertEqual(render.files(), ["out.mp4.rostrum"])
        self.assert_status(render.run(), 0)

    def test_damaged_chunks_are_rendered_again(self):
        render = self.render("--keep")
        self.assert_status(render.run(), 0)
        chunks = sorted((render.work / "chunks").iterdir())
        self.assertEqual(len(chunks), long_meeting.CHUNKS)
        flipped, cut, gone, *_ = chunks
        data = bytearray(flipped.read_bytes())
        data[len(data) // 2] ^= 1
        flipped.write_bytes(data)
        os.truncate(cut, cut.stat().st_size - 1)
        gone.unlink()
        self.assert_status(render.run(), 0)
        self.assertEqual(render.report()["chunks"], {"rendered": 3, "reused": long_meeting.CHUNKS - 3})
        self.assert_the_film(render.out)

    def test_a_torn_journal_line_is_worth_nothing_and_harms_nothing(self):
        render = self.render("--keep")
        self.assert_status(render.run(), 0)
        journal = render.work / "journal.ndjson"
        os.truncate(journal, journal.stat().st_size - 20)
        for rendered in (1, 0):  # the second: the line written behind the torn one counts
            self.assert_status(render.run(), 0)
            self.assertEqual(render.report()["chunks"]["rendered"], rendered)
        with open(journal, "a") as file:
            file.write('{"key": "../..", "file": "chunks/../../x.mp4", "bytes": 1, "sha256": "", "substitutions": []}\n[')
        self.assert_status(render.run(), 0)
        self.assertEqual(render.report()["chunks"]["rendered"], 0)
        self.assert_the_film(render.out)

    def test_a_chunk_that_met_a_passing_fault_is_rendered_again(self):
        """Its medium's disk may be well again; what is damaged stays so."""
        render = self.render("--keep")
        self.assert_status(render.run(), 0)
        journal = render.work / "journal.ndjson"
        entries = [json.loads(line) for line in journal.read_text().splitlines()]
        for entry, what in zip(entries, ("stalled", "read-error", "damaged", "short", "broken")):
            entry["substitutions"] = [{"asset": "anna", "clip": "/tracks/0/clips/0", "what": what, "from": 0, "to": 1, "why": "why"}]
        journal.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
        self.assert_status(render.run(), 0)
        again = [json.loads(line) for line in journal.read_text().splitlines()]
        self.assertEqual([e["key"] for e in again[:-2]], [e["key"] for e in entries[2:]])  # whoever watches it sees no others
        self.assertEqual(render.report()["chunks"], {"rendered": 2, "reused": long_meeting.CHUNKS - 2})
        self.assert_the_film(render.out)

    def test_a_killed_render_leaves_no_temporary_film_behind(self):
        render = self.render("--keep")
        self.assert_status(render.run(), 0)
        process = render.start()
        while process.poll() is None and len(render.files()) == 3:
            pass
        process.kill()
        process.communicate(timeout=60)
        self.assert_status(render.run(), 0)
        self.assertEqual(render.files(), ["out.mp4", "out.mp4.rostrum", "out.report.json"])

    # --- gc --------------------------------------------------------------------------------------------

    def left_overs(self, *names):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        for name in names:
            (folder / name / "chunks").mkdir(parents=True)
            (folder / name / "lock").touch()
            (folder / name / "chunks" / "x.mp4").write_bytes(b"x" * 600_000)
        return folder

    def test_gc_removes_what_renders_left_and_nothing_else(self):
        folder = self.left_overs("a.rostrum", "b.rostrum", "film")
        (folder / "c.rostrum").mkdir()  # no work directory
        self.assert_status(gc(folder, "--dry-run"), 0)
        self.assertEqual(len(list(folder.iterdir())), 4)
        with locked(folder / "b.rostrum"):
            done = gc(folder)
            self.assert_status(done, 0)
            self.assertIn("b.rostrum", done.stderr)
        self.assertEqual({f.name for f in folder.iterdir()}, {"b.rostrum", "film", "c.rostrum"})

    def test_gc_goes_by_age_and_size_whatever_the_clock_did(self):
        folder = self.left_overs("old.rostrum", "new.rostrum", "future.rostrum")
        now = time.time()
        for name, age in {"old": 48, "new": 1, "future": -48}.items():
            os.utime(folder / f"{name}.rostrum" / "chunks", (now, now - age * 3600))
        self.assert_status(gc(folder, "--older-than", 24), 0)
        self.assertEqual({f.name for f in folder.iterdir()}, {"new.rostrum", "future.rostrum"})
        self.assert_status(gc(folder, "--max-size", 1), 0)
        self.assertEqual({f.name for f in folder.iterdir()}, {"future.rostrum"})
        self.assert_status(gc(folder), 0)
        self.assertEqual(list(folder.iterdir()), [])

    def test_what_a_killed_render_left_is_collected(self):
        render = self.render()
        process = render.start()
        while process.poll() is None and not render.journalled():
            pass
        process.kill()
        process.communicate(timeout=60)
        self.assertEqual(render.orphans(), [])
        self.assertEqual(render.files(), ["out.mp4.rostrum"])
        self.assertIn("out.mp4.rostrum", gc(render.out.parent).stdout)
        self.assertEqual(render.files(), [])


if __name__ == "__main__":
    unittest.main()
