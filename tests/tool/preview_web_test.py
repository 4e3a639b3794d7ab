# SPDX-License-Identifier: LGPL-2.1-or-later
"""The server of the preview page.  Usage: preview_web_test.py ROSTRUM [unittest options]"""
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import coloured
import long_meeting
import numbered
from preview_case import FRAMES, RATE, SLIDES, PreviewCase

PreviewCase.rostrum = os.path.abspath(sys.argv.pop(1))


def frames_of(data):
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        pathlib.Path(file.name).write_bytes(data)
        return [number for number, _ in numbered.by_ffmpeg(file.name)]


def picture_of(jpeg):
    done = subprocess.run(["ffmpeg", "-v", "error", "-f", "image2pipe", "-i", "-", "-pix_fmt", "gray", "-f", "rawvideo", "-"],
                          input=jpeg, capture_output=True, check=True)
    return done.stdout


class Events:
    """What a page is told (RFC 6455, texts under 64 KiB)."""

    def __init__(self, server):
        self.socket = socket.create_connection(("127.0.0.1", int(server.host.split(":")[1])), timeout=20)
        path = f"/{server.url.split('/')[3]}/events"
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {server.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode())
        self.file = self.socket.makefile("rb")
        while self.file.readline().strip():
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def until(self, right):
        while True:
            length = self.file.read(2)[1]
            if length == 126:
                length = int.from_bytes(self.file.read(2), "big")
            event = json.loads(self.file.read(length))
            if right(event):
                return event


def until(found, seconds=20):
    end = time.monotonic() + seconds
    while not (value := found()):
        if time.monotonic() > end:
            raise AssertionError("it does not come")
        time.sleep(0.02)
    return value


class PreviewWebTest(PreviewCase):
    def test_the_film_begins_with_the_frame_that_is_asked_for(self):
        server = self.serve()
        for frame in (SLIDES, 137, 222, FRAMES - 1):
            self.assertEqual(frames_of(server.get(f"film?frame={frame}")), list(range(frame - SLIDES, FRAMES - SLIDES)))
        self.assertEqual(len(frames_of(server.get("film?frame=0"))), FRAMES)
        self.assertEqual(frames_of(server.get("film?frame=150&frames=25")), list(range(150 - SLIDES, 175 - SLIDES)))
        # Where the job has none, the nearest.
        self.assertEqual(frames_of(server.get(f"film?frame={FRAMES + 1000}")), [FRAMES - 1 - SLIDES])

    def test_the_sound_is_that_of_the_moment(self):
        film = self.dir / "film.mp4"
        film.write_bytes(self.serve().get(f"film?frame={RATE}"))  # the voice begins there, and is muted from 1 to 2 s
        heard = coloured.samples(film)
        for at, loud in ((0.1, True), (0.9, True), (1.2, False), (1.8, False), (2.1, True)):
            part = heard[round(at * 48000):][:2400]
            self.assertEqual(abs(part).max() > 0.1, loud, at)
        again = 48000 + (abs(heard[48000 + 9600:]) > 0.1).argmax() + 9600
        self.assertLess(abs(again - 2 * 48000), 0.006 * 48000)  # a ramp of 5 ms

    def test_single_pictures(self):
        server = self.serve()
        for frame in (SLIDES + 7, SLIDES, FRAMES - 1, SLIDES + 7):
            picture = picture_of(server.get(f"picture?frame={frame}"))
            self.assertEqual(numbered.number_of(picture), frame - SLIDES)
        small = picture_of(server.get("picture?frame=0&small=1"))
        self.assertLess(len(small), numbered.WIDTH * numbered.HEIGHT)

    def test_the_page_gets_the_plan(self):
        server = self.serve()
        data = json.loads(server.get("data"))
        self.assertEqual((data["title"], data["from"], data["to"], data["rate"]), ("Numbers", 0, FRAMES / RATE, RATE))
        rows = {row["name"]: row for row in data["rows"]}
        self.assertEqual(rows["Anna <Reed>"]["there"], [[1, 11]])
        self.assertEqual(rows["Anna <Reed>"]["heard"], [[1, 2], [3, 11]])
        self.assertEqual(rows["screen"]["seen"], [[4, 16]])
        self.assertEqual([(slide["from"], slide["to"]) for slide in data["slides"]], [(0, 2), (2, 4)])
        self.assertEqual([(c["from"], c["to"], c["how"]) for c in data["chunks"]], [(0, 4, "composed"), (4, 16, "copied")])
        self.assertIn("screen", server.get("explain?at=5").decode())
        self.assertIn(b"<video", server.get(""))

    def test_nothing_is_copied_into_a_film_of_another_codec(self):
        self.edit(lambda job: job.update(output={"encoder": "vp9"}))
        chunks = json.loads(self.serve().get("data"))["chunks"]
        self.assertEqual({c["how"] for c in chunks}, {"composed"})
        self.assertIn("not of H.264", chunks[-1]["why"])

    def lengthen(self):
        """To more than what is on its way in pipes and sockets."""
        self.edit(lambda job: (job.update(duration=604), job["tracks"][1].update(
            clips=[{"asset": "numbers", "start": 4 + 12 * i} for i in range(50)])))

    def test_a_film_that_breaks_off_does_not_look_whole(self):
        self.lengthen()
        server = self.serve()
        with urllib.request.urlopen(server.url + "film?frame=0", timeout=30) as answer:
            answer.read(1000)
            for worker in self.children(server.process.pid):
                os.kill(int(worker), signal.SIGKILL)
            with self.assertRaises(http.client.IncompleteRead):
                answer.read()

    def test_each_page_has_one_film(self):
        self.lengthen()
        server = self.serve()
        films = [urllib.request.urlopen(f"{server.url}film?frame=0&page={page}", timeout=30) for page in ("a", "b", "a")]
        with self.assertRaises((http.client.IncompleteRead, ConnectionResetError)):
            films[0].read()
        self.assertEqual(len(self.busy(server.process.pid)), 2)
        for film in films:
            self.assertTrue(film is films[0] or film.read(100_000))
            film.close()

    def test_what_strangers_send_is_not_kept(self):
        server = self.serve()
        with socket.create_connection(("127.0.0.1", int(server.host.split(":")[1]))) as connection:
            connection.sendall(f"POST / HTTP/1.1\r\nHost: {server.host}\r\nContent-Length: {10 ** 9}\r\n\r\n".encode())
            try:
                for _ in range(300):
                    connection.sendall(bytes(1 << 20))
            except OSError:
                pass  # it does not listen any more
            resident = int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{server.process.pid}/status").read_text())[1])
        self.assertLess(resident, 150_000)  # kB
        self.assertEqual(server.status("data"), 200)

    def test_who_is_not_the_page_gets_nothing(self):
        server = self.serve()
        base = f"http://{server.host}"
        self.assertEqual(server.status("data"), 200)
        self.assertEqual(server.status("data", Origin=base), 200)
        for origin in ("http://evil.example", "null", f"https://{server.host}"):
            self.assertEqual(server.status("data", Origin=origin), 403)
        for host in ("evil.example", f"evil.example:{server.host.split(':')[1]}", "127.0.0.1"):
            self.assertEqual(server.status("data", Host=host), 403)
        for path in ("/", "/data", "/" + "0" * 32 + "/data", server.url[len(base):-2] + "/data"):
            self.assertEqual(server.status(path, base=base), 403, path)
        for method in ("POST", "PUT", "DELETE"):
            self.assertEqual(server.status("data", method), 405)

    def test_only_the_page_is_told_what_happens(self):
        server = self.serve()
        base = f"http://{server.host}"
        for origin, status in ((base, 101), ("http://evil.example", 403), ("null", 403)):
            connection = http.client.HTTPConnection(server.host, timeout=30)
            connection.request("GET", f"/{server.url.split('/')[3]}/events", headers={
                "Origin": origin, "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="})
            answer = connection.getresponse()
            self.assertEqual(answer.status, status, origin)
            answer.close()
            connection.close()

    def test_a_film_that_cannot_be_made_is_no_film(self):
        server = self.serve(env={**os.environ, "GST_REGISTRY": str(self.dir / "registry"), "GST_PLUGIN_SYSTEM_PATH": str(self.without_x264())})
        self.assertEqual(server.status("film?frame=100"), 500)
        self.assertEqual(server.status("picture?frame=100"), 200)

    def without_x264(self):
        """A folder with all plugins of the system but that one."""
        folder = self.dir / "plugins"
        folder.mkdir()
        there = subprocess.run(["pkg-config", "--variable=pluginsdir", "gstreamer-1.0"], capture_output=True, text=True).stdout.strip()
        for plugin in pathlib.Path(there).glob("*.so"):
            if "x264" not in plugin.name:
                (folder / plugin.name).symlink_to(plugin)
        return folder

    def test_nothing_but_the_page_is_served(self):
        server = self.serve()
        root = "/" + server.url.split("/")[3]
        for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd", "/job.json", "/numbers.mp4", "//etc/passwd",
                     "/eventsx", "/events/x", "/film", "/film?frame=x", "/picture?frame=nan", "/explain", "/data/", "/data%00", "/preview.js%00.css"):
            connection = http.client.HTTPConnection(server.host, timeout=30)
            connection.request("GET", root + path)
            self.assertIn(connection.getresponse().status, (400, 403, 404), path)
            connection.close()
        policy = until(lambda: self.headers(server).get("Content-Security-Policy"))
        self.assertIn("default-src 'none'", policy)

    @staticmethod
    def headers(server):
        connection = http.client.HTTPConnection(server.host, timeout=30)
        connection.request("GET", "/" + server.url.split("/")[3] + "/")
        headers = connection.getresponse().headers
        connection.close()
        return headers

    def test_it_is_there_for_this_machine_alone_and_reaches_no_other(self):
        server = self.serve()
        listening = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
        port = int(server.host.split(":")[1])
        self.assertEqual([row[1] for row in listening if row[3] == "0A" and row[1].endswith(f":{port:04X}")], [f"0100007F:{port:04X}"])
        with open("/proc/net/tcp6") as other:
            self.assertNotIn(f":{port:04X} ", "".join(line[:50] for line in other if " 0A " in line))
        if os.environ.get("ROSTRUM_SANDBOX") != "off":
            self.assertIn("Seccomp:\t2", pathlib.Path(f"/proc/{server.process.pid}/status").read_text())

    def test_an_edited_job_is_shown_and_a_broken_one_is_not(self):
        server = self.serve()
        self.edit(lambda job: job.update(title="Edited"))
        until(lambda: json.loads(server.get("data"))["title"] == "Edited")
        self.edit(lambda job: job["tracks"][1]["clips"][0].update(asset="deck-2"))
        until(lambda: any("/tracks/1/clips/0" in line for line in server.said))
        self.assertEqual(json.loads(server.get("data"))["title"], "Edited")
        self.assertEqual(frames_of(server.get(f"film?frame={FRAMES - 1}")), [FRAMES - 1 - SLIDES])
        self.edit(lambda job: job["tracks"][1]["clips"][0].update(asset="numbers", start=6))
        until(lambda: json.loads(server.get("data"))["rows"][1]["seen"] == [[6, 16]])
        self.assertEqual(frames_of(server.get(f"film?frame={FRAMES - 1}")), [FRAMES - 1 - SLIDES - 2 * RATE])

    def test_a_medium_that_is_gone_by_now_is_done_without(self):
        server = self.serve()
        self.assertEqual(len(frames_of(server.get("film?frame=0"))), FRAMES)
        (self.dir / "deck.pdf").unlink()
        self.assertEqual(len(frames_of(server.get("film?frame=0"))), FRAMES)
        self.assertEqual(numbered.number_of(picture_of(server.get(f"picture?frame={SLIDES + 7}"))), 7)

    def test_a_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            server = self.serve("--port", port)
            self.assertNotEqual(int(server.host.split(":")[1]), port)
        self.assertEqual(server.end(), 0)
        self.assertIn(f"port {port} cannot be had", "".join(server.said))

    def test_nothing_is_left_of_it(self):
        self.lengthen()
        server = self.serve()
        connection = socket.create_connection(("127.0.0.1", int(server.host.split(":")[1])))
        connection.sendall(f"GET /{server.url.split('/')[3]}/film?frame=0 HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode())
        connection.recv(1000)  # and no more: its worker waits
        until(lambda: len(self.children(server.process.pid)) == 2)
        self.assertEqual(len(self.busy(server.process.pid)), 1)
        workers = [pathlib.Path(f"/proc/{child}") for child in self.children(server.process.pid)]
        server.end(signal.SIGKILL)
        until(lambda: not any(worker.exists() for worker in workers))
        connection.close()

    @staticmethod
    def children(process):
        return pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()

    def busy(self, process):
        """Those of its workers that were told what to make."""
        def words(child):
            try:
                return pathlib.Path(f"/proc/{child}/cmdline").read_text().split("\0")
            except OSError:  # it is gone
                return []
        def is_busy(child):  # one that is not yet the program has its parent's words
            match words(child):
                case [_, "worker", spec, *_]:
                    return pathlib.Path(spec).is_file()
            return False
        return [child for child in self.children(process) if is_busy(child)]

    def test_a_worker_ends_with_who_asked_for_it(self):
        self.lengthen()
        server = self.serve()
        for _ in range(3):
            connection = socket.create_connection(("127.0.0.1", int(server.host.split(":")[1])))
            connection.sendall(f"GET /{server.url.split('/')[3]}/film?frame=0 HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode())
            connection.recv(1000)
            connection.close()
        until(lambda: not self.busy(server.process.pid))

    def test_a_worker_is_ready_before_it_is_asked_for(self):
        server = self.serve()
        until(lambda: len(self.children(server.process.pid)) == 1)
        ready = self.children(server.process.pid)
        self.assertFalse(self.busy(server.process.pid))
        self.lengthen()
        until(lambda: json.loads(server.get("data"))["to"] == 604)
        until(lambda: self.children(server.process.pid) not in ([], ready))  # it has the new job's media
        ready = self.children(server.process.pid)
        with urllib.request.urlopen(server.url + "film?frame=0", timeout=30) as answer:
            answer.read(1000)
            self.assertEqual(self.busy(server.process.pid), ready)
        until(lambda: self.children(server.process.pid) not in ([], ready))  # the next one
        killed = self.children(server.process.pid)[-1]
        os.kill(int(killed), signal.SIGKILL)
        until(lambda: killed not in self.children(server.process.pid))
        self.assertTrue(server.get("picture?frame=0").startswith(b"\xff\xd8"))

    def test_a_render_elsewhere_is_seen(self):
        server = self.serve()
        done = subprocess.run([self.rostrum, "render", str(self.job), "--keep", "--progress", "none"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        listed = json.loads((self.dir / "job.mp4.rostrum/chunks.json").read_text())["chunks"]
        self.assertEqual([(c["first"], c["end"]) for c in listed], [(0, SLIDES), (SLIDES, FRAMES)])
        with Events(server) as events:
            events.until(lambda e: e["kind"] == "chunks" and e["states"] == ["done", "done"] and not e["running"])
            self.edit(lambda job: job["tracks"][1]["clips"][0].update(start=6))
            events.until(lambda e: e["kind"] == "chunks" and e["states"] == [])  # another job's
            self.edit(lambda job: job["tracks"][1]["clips"][0].update(start=SLIDES / RATE))
            events.until(lambda e: e["kind"] == "chunks" and e["states"] == ["done", "done"])
        self.assertEqual(server.end(), 0)

    def test_a_render_can_show_its_own_page(self):
        job = long_meeting.make(self.dir)
        render = subprocess.Popen([self.rostrum, "render", str(job), "--web", "--port", "18411", "--draft", "--progress", "none"],
                                  stderr=subprocess.PIPE, text=True)
        said = []
        url = next(line for line in render.stderr if not said.append(line) and "see http" in line).split("see ")[1].strip()
        with urllib.request.urlopen(url + "data", timeout=30) as answer:
            self.assertEqual(len(json.load(answer)["chunks"]), 4)
        said += render.stderr
        self.assertEqual(render.wait(60), 0, said)
        render.stderr.close()
        self.assertTrue((self.dir / "job.mp4").exists())


if __name__ == "__main__":
    unittest.main()
