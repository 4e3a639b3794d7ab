# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which hosts `rostrum fetch` asks, what they learn, and links.  Usage: fetch_hosts_test.py ROSTRUM [unittest options]"""
import json
import re
import subprocess
import unittest

import fetch_server as faults
import recording
from fetch_case import NO_PROXY, QUICK, ROSTRUM, FetchCase


class WhereTest(FetchCase):
    """Which hosts and addresses are asked, and what they learn."""

    def setUp(self):
        super().setUp()
        self.other = faults.Server("127.0.0.2")
        self.addCleanup(self.other.close)

    def test_hosts_that_are_not_allowed_are_listed_and_nothing_is_fetched(self):
        job = self.job(a=self.server.put("/a.png", self.content), b=self.other.put("/b.png", self.content),
                       c="https://media.example.org/c.png")
        done = self.run_fetch(job, status=3)
        self.assertIn("/assets/b/uri", done.stderr)
        self.assertIn("--allow-host 127.0.0.2", done.stderr)
        self.assertIn("--allow-host media.example.org", done.stderr)
        self.assertEqual((self.server.connections, self.other.connections), (0, 0))
        self.assertFalse(self.out.exists())

    def test_a_redirect_is_followed_where_it_would_be_allowed_itself(self):
        target = self.other.put("/b.png", self.content)
        self.server.put("/a.png", b"", *[faults.redirect(target)] * 2)
        done = self.fetch(a=self.server.url("/a.png"), status=2)
        self.assertIn("--allow-host 127.0.0.2", done.stderr)
        self.assertEqual(self.other.connections, 0)
        self.server.resources["/c.png"] = faults.Resource(self.content)
        self.server.put("/a.png", self.content, faults.redirect("/c.png", 308))
        self.fetch(a=self.server.url("/a.png"))
        self.assert_fetched(self.content)

    def test_no_other_address_is_connected_to(self):
        away = self.server.put("/away.png", b"", faults.redirect(self.other.put("/b.png", self.content)))
        job = self.job(a=self.server.put("/a.png", self.content, faults.cut(0.5)), b=away,
                       c=self.server.url("/c.png").replace("127.0.0.1", "localhost"))
        trace = self.traced("connect,sendto,sendmsg", *self.command(job, hosts=("127.0.0.1", "localhost")))
        asked = set(re.findall(r"sin6?_port=htons\((\d+)\).*?\"([^\"]+)\"", "\n".join(trace)))
        port = str(self.server.server_address[1])
        self.assertIn((port, "127.0.0.1"), asked)
        # the resolver sorts a name's addresses by what routes to them, and sends nothing
        self.assertLessEqual(asked, {(port, "127.0.0.1"), (port, "::1")})

    def test_redirects_end(self):
        self.server.put("/a.png", b"", *[faults.redirect("/a.png")] * 99)
        self.assertIn("without an end", self.fetch(a=self.server.url("/a.png"), status=5).stderr)
        self.assertEqual(len(self.server.requests), 11)

    def test_a_redirect_to_a_file_or_another_protocol_is_refused(self):
        (self.dir / "secret").write_text("secret")
        for url in (f"file://{self.dir}/secret", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x"):
            self.server.put("/a.png", b"", faults.redirect(url))
            self.fetch(a=self.server.url("/a.png"), status=5)
            self.assertEqual(self.media(), {})

    def test_a_name_may_not_lead_to_a_private_address(self):
        self.server.put("/a.png", self.content)
        url = self.server.url("/a.png").replace("127.0.0.1", "localhost")
        done = self.run_fetch(self.job(a=url), hosts=("localhost",), status=2)
        self.assertIn("is loopback; --allow-host", done.stderr)
        self.assertEqual(self.server.connections, 0)
        self.run_fetch(self.job(a=url), hosts=("localhost", "127.0.0.1"))
        self.assert_fetched(self.content)

    def test_http_has_to_be_allowed(self):
        job = self.job(a=self.server.put("/a.png", self.content))
        command = [word for word in self.command(job) if word != "--allow-http"]
        done = subprocess.run(command, capture_output=True, text=True, env=NO_PROXY, timeout=60)
        self.assertEqual(done.returncode, 3)
        self.assertIn("--allow-http", done.stderr)
        self.assertEqual(self.server.connections, 0)

    def test_a_proxy_is_asked_in_place_of_the_host(self):
        self.server.resources["http://media.example.org/a.png"] = faults.Resource(self.content)
        job = self.job(a="http://media.example.org/a.png")
        proxy = f"http://127.0.0.2:{self.other.server_address[1]}"
        self.other.resources = self.server.resources
        self.run_fetch(job, hosts=("media.example.org",), http_proxy=proxy)
        self.assert_fetched(self.content)
        self.assertEqual((self.server.connections, len(self.other.requests)), (0, 1))

    def test_secrets_come_from_files_or_the_environment_and_are_not_told(self):
        (self.dir / "cookie").write_text("# mine\nsessionId=topsecret\n")
        (self.dir / "header").write_text("X-Key: alsosecret\r\n")
        url = self.server.put("/a.png", self.content, faults.status(404))
        for words, environment in ((("--cookie", self.dir / "cookie", "--header", self.dir / "header"), {}),
                                   ((), {"ROSTRUM_COOKIE": "sessionId=topsecret", "ROSTRUM_HEADER": "X-Key: alsosecret"})):
            done = self.run_fetch(self.job(a=url), *words, status=5 if words else 0, **environment)
            asked = self.server.asked("/a.png")[-1]
            self.assertEqual((asked["Cookie"], asked["X-Key"]), ("sessionId=topsecret", "alsosecret"))
            self.assertNotIn("secret", done.stdout + done.stderr)
        written = b"".join(f.read_bytes() for f in self.out.rglob("*") if f.is_file())
        self.assertNotIn(b"topsecret", written)

    def test_secrets_that_are_none_are_refused_without_being_shown(self):
        for name, text in (("--cookie", "topsecret"), ("--header", "topsecret"), ("--header", "A: b\nB c: topsecret")):
            (self.dir / "file").write_text(text)
            done = self.run_fetch(self.job(a=self.server.put("/a.png", self.content)), name, self.dir / "file", status=2)
            self.assertNotIn("topsecret", done.stderr)


class TlsTest(FetchCase):
    """Certificates, with an authority that the test makes itself."""

    def setUp(self):
        super().setUp()
        self.right = faults.certificate(self.dir / "right.pem", "IP:127.0.0.1")
        self.other_name = faults.certificate(self.dir / "other.pem", "DNS:example.org")

    def fetched(self, shown, trusted, status=0):
        server = faults.Server(tls=shown)
        self.addCleanup(server.close)
        self.server.put("/a.png", self.content)  # what nothing partial is measured by
        server.resources = self.server.resources
        command = self.command(self.job(a=server.url("/a.png")), "--retries", 0, "--overwrite")
        command.remove("--allow-http")
        done = subprocess.run(command, capture_output=True, text=True, timeout=60,
                              env=NO_PROXY | ({"CURL_CA_BUNDLE": str(trusted)} if trusted else {}))
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(len(server.requests), 0 if status else 1)
        return done

    def test_an_authority_of_ones_own_is_named_by_the_environment(self):
        self.fetched(self.right, self.right)
        self.assert_fetched(self.content)

    def test_a_certificate_of_nobody_or_for_another_host_is_refused(self):
        for shown, trusted in ((self.right, None), (self.right, self.other_name), (self.other_name, self.other_name)):
            done = self.fetched(shown, trusted, status=5)
            self.assertRegex(done.stderr, "(?i)certificate|subject name")
            self.assertIn("CURL_CA_BUNDLE", done.stderr)
            self.assertEqual(self.media(), {})


def mtslink_record(camera, slide):
    return {"name": "Встреча", "duration": 3.2, "eventLogs": [
        {"module": "userlist.online", "relativeTime": 0, "data": [{"role": "ADMIN", "user": {"id": 1, "nickname": "Анна"}}]},
        {"module": "conference.add", "relativeTime": 0,
         "data": {"id": 9, "user": {"id": 1}, "hasAudio": True, "hasVideo": True}},
        {"module": "mediasession.add", "relativeTime": 0.5,
         "data": {"id": 1, "url": camera, "stream": {"id": 5, "conference": {"id": 9}}}},
        {"module": "mediasession.update", "relativeTime": 3, "data": {"id": 1, "duration": 3}},
        {"module": "presentation.update", "relativeTime": 1,
         "data": {"fileReference": {"slide": {"number": 1, "url": slide}}}}]}


class MtsLinkTest(FetchCase):
    def setUp(self):
        super().setUp()
        recording.camera(self.dir / "anna.mp4", 3)
        recording.slide(self.dir / "slide.png", 0xFF2040A0)
        camera = self.server.put("/wowza/anna.mp4", (self.dir / "anna.mp4").read_bytes(), faults.cut(0.4))
        slide = self.server.put("/slide.png", (self.dir / "slide.png").read_bytes(), faults.status(503))
        self.record = json.dumps(mtslink_record(camera, slide)).encode()
        self.link = self.server.url("/j/12345678/987654321/record-new/777?from=mail")

    def test_a_link_becomes_a_job(self):
        self.server.put("/api/eventsessions/777/record", self.record)
        self.run_fetch(self.link)
        self.assertEqual(self.server.requests[0][0], "/api/eventsessions/777/record?withoutCuts=false")
        self.assertEqual(len(self.media()), 2)
        job = json.loads((self.out / "job.json").read_text())
        self.assertEqual(job["title"], "Встреча")

    def test_a_record_file_has_an_address_of_its_own(self):
        self.server.put("/api/event-sessions/777/record-files/55/flow", self.record)
        self.run_fetch(self.link.replace("?", "/record-file/55?"))
        self.assertEqual(len(self.media()), 2)

    def test_a_link_becomes_a_film(self):
        self.server.put("/api/eventsessions/777/record", self.record)
        film = self.dir / "film.mp4"
        done = subprocess.run([ROSTRUM, "render", self.link, "-o", film, "--allow-http", "--allow-host", "127.0.0.1",
                               "--draft", "--no-copy", "--progress", "none", *QUICK], capture_output=True, text=True, timeout=120,
                              cwd=self.dir, env=NO_PROXY)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = recording.streams(film)
        self.assertEqual(found["video"]["nb_read_frames"], "80")
        self.assertEqual(recording.samples(film), 3.2 * 48000)
        report = json.loads((self.dir / "film.report.json").read_text())
        self.assertEqual(report["substitutions"], [])
        self.assertTrue((self.dir / "777" / "job.json").exists())

    def test_media_are_opened_without_a_network(self):
        self.server.put("/api/eventsessions/777/record", self.record)
        trace = self.traced("seccomp,connect,openat,openat2", ROSTRUM, "render", self.link, "-o", "film.mp4", "--draft",
                            "--allow-http", "--allow-host", "127.0.0.1", "--progress", "none", *QUICK)
        opened = next(i for i, line in enumerate(trace) if re.search(r'media/camera[^"]*\.mp4"', line) and "O_WRONLY" not in line)
        left = next(i for i, line in enumerate(trace) if "SECCOMP_SET_MODE_FILTER" in line and line.endswith("= 0"))
        asked = max(i for i, line in enumerate(trace) if "sin_port" in line)
        self.assertLess(asked, left)
        self.assertLess(left, opened)

    def test_a_record_that_is_not_public_says_what_is_needed(self):
        for fault in (lambda *_: True, faults.status(403)):
            self.server.put("/api/eventsessions/777/record", b'{"error":{"code":403,"message":"denied"}}', fault)
            done = self.run_fetch(self.link, status=2)
            self.assertIn("sessionId", done.stderr)
            self.assertIn("--cookie", done.stderr)
            self.assertIn("ROSTRUM_COOKIE", done.stderr)

    def test_the_cookie_goes_to_the_service_and_no_further(self):
        camera = "http://events-storage.webinar.ru/api-storage/files/wowza/anna.mp4"
        record = mtslink_record(camera, "http://my.mts-link.ru/slide.png")
        self.server.put("http://my.mts-link.ru/api/eventsessions/777/record", json.dumps(record).encode())
        for url in (camera, "http://my.mts-link.ru/slide.png"):
            self.server.put(url, self.content)
        self.run_fetch("http://my.mts-link.ru/1/2/record-new/777", hosts=(), http_proxy=self.server.url(""),
                       ROSTRUM_COOKIE="sessionId=1")
        self.assertEqual({path.split("/")[2]: headers.get("Cookie") for path, headers in self.server.requests},
                         {"my.mts-link.ru": "sessionId=1", "events-storage.webinar.ru": None})

    def test_what_is_no_record_is_said(self):
        for text, status in ((b"<html>", 5), (b'{"eventLogs": 1}', 3), (b'{"error":{"code":404}}', 2)):
            self.server.put("/api/eventsessions/777/record", text)
            self.run_fetch(self.link, status=status)
        del self.server.resources["/api/eventsessions/777/record"]
        self.assertIn("no such record", self.run_fetch(self.link, status=2).stderr)
        self.assertFalse(self.out.exists())

    def test_other_commands_say_who_takes_links(self):
        done = subprocess.run([ROSTRUM, "plan", self.link], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, "rostrum fetch" in done.stderr), (2, True), done.stderr)

    def test_other_links_are_refused_before_anything_is_asked(self):
        for link in ("https://example.org/a/b/record-new/7", self.server.url("/job.json"), "https://a@b/"):
            self.run_fetch(link, status=2)
        self.assertEqual(self.server.connections, 0)


if __name__ == "__main__":
    unittest.main()
