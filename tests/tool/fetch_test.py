# SPDX-License-Identifier: LGPL-2.1-or-later
"""What `rostrum fetch` brings, and how it fails.  Usage: fetch_test.py ROSTRUM [--rounds N] [unittest options]"""
import fcntl
import json
import random
import signal
import subprocess
import sys
import threading
import unittest

import fetch_server as faults
import schemas
from fetch_case import NO_PROXY, FetchCase, sha256

ROUNDS = 40  # fetches that meet random faults
if "--rounds" in sys.argv:
    at = sys.argv.index("--rounds")
    ROUNDS = int(sys.argv[at + 1])
    del sys.argv[at:at + 2]


class FetchTest(FetchCase):
    def test_the_job_is_rewritten_to_local_paths_and_keeps_its_urls(self):
        url = self.server.put("/a.png", self.content)
        (self.dir / "b.png").write_bytes(b"local")
        done = self.fetch(a=url, b="b.png")
        self.assertEqual(done.stdout.strip(), str(self.out / "job.json"))
        self.assert_fetched(self.content)
        assets = json.loads((self.out / "job.json").read_text())["assets"]
        self.assertEqual((self.out / assets["a"]["uri"]).read_bytes(), self.content)
        self.assertEqual(assets["a"]["alternatives"], [url])
        self.assertEqual(assets["b"]["uri"], str(self.dir / "b.png"))
        self.assertIn("--allow-root", done.stderr)

    def test_without_a_folder_it_is_the_jobs_name_beside_it(self):
        url = self.server.put("/a.png", self.content)
        command = self.command(self.job(a=url))
        at = command.index("-o")
        subprocess.run(command[:at] + command[at + 2:], check=True, capture_output=True, timeout=60, env=NO_PROXY)
        self.assertTrue((self.dir / "job" / "job.json").is_file())

    def test_progress_as_json_tells_of_each_file_and_of_all(self):
        urls = {f"a{i}": self.server.put(f"/{i}.png", self.content) for i in range(3)}
        events = [json.loads(line) for line in self.fetch("--progress", "json", **urls).stdout.splitlines()]
        for event in events:
            schemas.check("progress", event)
        done = [e for e in events if e["event"] == "file" and e["done"]]
        self.assertEqual(sorted(e["file"] for e in done), sorted(f"media/{name}" for name in self.media()))
        self.assertEqual({(e["bytes"], e["total"]) for e in done}, {(300_000, 300_000)})
        total = [e for e in events if e["event"] == "fetching"][-1]
        self.assertEqual((total["files"], total["files-done"], total["bytes"], total["total"]), (3, 3, 900_000, 900_000))
        self.assertEqual(events[-1], {"event": "done", "job": str(self.out / "job.json"), "files": 3})

    def test_a_part_that_another_process_is_writing_is_left_alone(self):
        url = self.server.put("/a.png", self.content, faults.cut(0.5))
        self.fetch("--retries", 0, a=url, status=5)
        part = next((self.out / "media").glob(".*.part"))
        with open(part, "rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            self.assertIn("another process", self.fetch(a=url, status=2).stderr)
        self.fetch(a=url)
        self.assertEqual(self.ranges(), [None, "bytes=150000-"])

    def test_what_is_there_is_not_fetched_again(self):
        urls = {f"a{i}": self.server.put(f"/{i}.png", self.content + bytes([i])) for i in range(9)}
        self.fetch(**urls)
        self.assertEqual(len(self.server.requests), 9)
        self.fetch(**urls)
        self.assertEqual(len(self.server.requests), 9)
        next((self.out / "media").iterdir()).unlink()
        self.run_fetch(self.out / "job.json")
        self.assertEqual(len(self.server.requests), 10)
        self.assertEqual(len(self.media()), 9)

    def test_a_fault_costs_another_attempt_and_no_byte_twice(self):
        half = len(self.content) // 2
        for fault in (faults.cut(half), faults.reset, faults.stall):
            self.server.put("/a.png", self.content, fault)
            self.server.requests.clear()
            self.fetch(a=self.server.url("/a.png"))
            self.assert_fetched(self.content)
            self.assertEqual(len(self.ranges()), 2)
            if fault is not faults.reset:  # which may take bytes with it that were not read yet
                self.assertEqual(self.ranges()[1], f"bytes={half if fault is not faults.stall else len(self.content) // 3}-")
            next((self.out / "media").iterdir()).unlink()

    def test_other_faults_cost_another_attempt(self):
        for fault in (faults.hang_up, faults.garbage, faults.status(503), faults.status(500), faults.status(408),
                      faults.status(429), faults.says_longer):
            self.server.put("/a.png", self.content, fault)
            self.fetch(a=self.server.url("/a.png"))
            self.assert_fetched(self.content)
            next((self.out / "media").iterdir()).unlink()

    def test_slow_and_chunked_answers_are_whole(self):
        for fault in (faults.throttle, faults.chunked):
            self.server.put("/a.png", self.content, fault)
            self.fetch(a=self.server.url("/a.png"))
            self.assert_fetched(self.content)
            next((self.out / "media").iterdir()).unlink()

    def test_a_file_that_changes_midway_is_fetched_anew(self):
        other = random.Random(1).randbytes(200_000)
        for fault in (faults.ignores_range, faults.wrong_range, faults.not_satisfiable, faults.other_content(other)):
            self.server.put("/a.png", self.content, faults.cut(0.5), fault)
            self.fetch(a=self.server.url("/a.png"))
            self.assert_fetched(self.server.resources["/a.png"].content)
            next((self.out / "media").iterdir()).unlink()

    def test_without_a_validator_it_begins_anew(self):
        self.server.put("/a.png", self.content, faults.cut(0.5), etag=False)
        self.server.resources["/a.png"].validators = lambda: {}
        self.fetch(a=self.server.url("/a.png"))
        self.assert_fetched(self.content)
        self.assertEqual(self.ranges(), [None, None])

    def test_other_errors_are_final(self):
        for code in (400, 401, 403, 404, 410):
            self.server.put("/a.png", self.content, *[faults.status(code)] * 9)
            self.server.requests.clear()
            done = self.fetch(a=self.server.url("/a.png"), status=5)
            self.assertIn(f"status {code}", done.stderr)
            self.assertIn('asset "a"', done.stderr)
            self.assertEqual(len(self.server.requests), 1)
            self.assertEqual(self.media(), {})

    def test_an_error_without_an_end_is_not_waited_for(self):
        self.server.put("/a.png", self.content, faults.endless_error)
        self.assertIn("status 404", self.fetch(a=self.server.url("/a.png"), status=5).stderr)

    def test_attempts_without_progress_end(self):
        self.server.put("/a.png", self.content, *[faults.status(503)] * 99)
        done = self.fetch("--retries", 3, a=self.server.url("/a.png"), status=5)
        self.assertEqual(len(self.server.requests), 4)
        self.assertIn("tried 4 times", done.stderr)

    def test_retry_after_is_honoured(self):
        self.server.put("/a.png", self.content, faults.status(503, Retry_After="3600"))
        self.assertIn("503", self.fetch(a=self.server.url("/a.png"), status=5).stderr)
        self.assertEqual(len(self.server.requests), 1)

    def test_a_hash_decides(self):
        url = self.server.put("/a.png", self.content, faults.says_shorter)
        right = {"uri": url, "sha256": sha256(self.content)}
        self.assertIn("SHA-256", self.fetch(a=right, status=5).stderr)
        self.assertEqual(self.media(), {})
        self.fetch(a=right)
        self.assert_fetched(self.content)
        file = next((self.out / "media").iterdir())
        file.write_bytes(b"damaged")
        self.fetch(a=right)
        self.assert_fetched(self.content)

    def test_a_length_that_nobody_tells_needs_a_hash(self):
        url = self.server.put("/a.png", self.content, faults.without_length, faults.without_length)
        self.assertIn("how long", self.fetch(a=url, status=5).stderr)
        self.fetch("--overwrite", a={"uri": url, "sha256": sha256(self.content)})
        self.assert_fetched(self.content)

    def test_alternatives_are_tried_in_their_order(self):
        second = self.server.put("/b.png", self.content)
        done = self.fetch(a={"uri": self.server.url("/gone.png"), "alternatives": [second]})
        self.assertIn("404", done.stderr)
        self.assertIn("b.png", done.stderr)
        self.assert_fetched(self.content)

    def test_what_cannot_be_had_is_named_and_the_rest_is_there(self):
        good = self.server.put("/a.png", self.content)
        done = self.fetch(a=good, b=self.server.url("/gone.png"), c=self.server.url("/x/playlist.m3u8"), status=5)
        self.assertIn('asset "b"', done.stderr)
        self.assertRegex(done.stderr, 'asset "c": .*playlist.m3u8: the server answers with status 404')
        self.assert_fetched(self.content)
        self.assertTrue((self.out / "job.json").exists())

    def test_sizes_have_a_limit(self):
        for fault in (faults.chunked, lambda *_: True):
            url = self.server.put("/a.png", self.content, fault)
            self.assertIn("--max-size", self.fetch("--max-size", "0.2", a=url, status=5).stderr)
            self.assertEqual(self.media(), {})

    def test_another_job_is_not_replaced(self):
        url = self.server.put("/a.png", self.content)
        self.fetch(a=url)
        self.assertIn("--overwrite", self.fetch(b=url, status=2).stderr)
        self.fetch("--overwrite", b=url)

    def test_so_many_at_once_and_no_more(self):
        barrier = threading.Barrier(3, timeout=30)

        def together(*_):
            barrier.wait()
            return True
        urls = {f"a{i}": self.server.put(f"/{i}.png", self.content, together) for i in range(6)}
        self.fetch("--parallel", 3, **urls)  # hangs with fewer
        self.assert_fetched(*[self.content] * 6)

    def test_ctrl_c_keeps_what_is_there_and_the_same_command_goes_on(self):
        url = self.server.put("/a.png", self.content, faults.stall)
        command = self.command(self.job(a=url))
        command[command.index("--stall-timeout") + 1] = "60"
        begun = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=NO_PROXY)
        part = self.out / "media"
        third = len(self.content) // 3
        while not any(f.stat().st_size == third for f in part.glob(".*.part")):
            self.assertIsNone(begun.poll())
        begun.send_signal(signal.SIGINT)
        said = begun.communicate(timeout=30)[1]
        self.assertEqual(begun.returncode, 130, said)
        self.assertIn("again", said)
        self.assertEqual(self.media(), {})
        self.assertFalse((self.out / "job.json").exists())
        self.fetch(a=url)
        self.assertEqual(self.ranges(), [None, f"bytes={third}-"])
        self.assert_fetched(self.content)


RANDOM_FAULTS = (faults.cut(0.0), faults.cut(0.3), faults.cut(0.9), faults.reset, faults.hang_up, faults.garbage,
                 faults.status(503), faults.status(429), faults.status(500), faults.throttle, faults.chunked,
                 faults.says_longer, faults.ignores_range, faults.wrong_range, faults.not_satisfiable,
                 faults.redirect("/elsewhere.png"), faults.redirect("http://127.0.0.2:1/"), faults.status(404),
                 faults.says_shorter, faults.without_length)


class RandomTest(FetchCase):
    def test_every_file_is_whole_or_an_error_names_it(self):
        other = faults.Server("127.0.0.2")
        self.addCleanup(other.close)
        chance = random.Random(ROUNDS)
        for done in range(0, ROUNDS, 20):
            self.round(chance, min(20, ROUNDS - done))
        self.assertEqual(other.connections, 0)

    def round(self, chance, files):
        assets = {}
        for i in range(files):
            content = chance.randbytes(chance.choice((0, 1, 5_000, 200_000)))
            met = chance.choices(RANDOM_FAULTS, k=chance.randrange(4))
            if chance.random() < 0.1:
                met.append(faults.other_content(chance.randbytes(7000)))
            url = self.server.put(f"/{chance.random()}.png", content, *met, etag=chance.random() < 0.8)
            assets[f"a{i}"] = {"uri": url, "sha256": sha256(content)}
        self.server.put("/elsewhere.png", b"elsewhere")
        done = subprocess.run(self.command(self.job(**assets), "--overwrite"), capture_output=True, text=True,
                              timeout=300, env=NO_PROXY)
        self.assertIn(done.returncode, (0, 2, 5), done.stderr)
        job = json.loads((self.out / "job.json").read_text())
        for name, asset in assets.items():
            file = self.out / job["assets"][name]["uri"]
            if file.exists():
                self.assertEqual(sha256(file.read_bytes()), asset["sha256"], name)
            else:
                self.assertIn(f'asset "{name}"', done.stderr)


if __name__ == "__main__":
    unittest.main()
