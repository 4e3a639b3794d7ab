# SPDX-License-Identifier: LGPL-2.1-or-later
"""What `rostrum fetch` makes of HLS playlists.  Usage: hls_test.py ROSTRUM [--rounds N] [unittest options]"""
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import fetch_server as faults
import hls_media
from fetch_case import NO_PROXY, FetchCase

ROUNDS = 8  # playlists whose segments meet random faults
if "--rounds" in sys.argv:
    at = sys.argv.index("--rounds")
    ROUNDS = int(sys.argv[at + 1])
    del sys.argv[at:at + 2]
SECONDS = 7
RATE = 25
LATE = 0.022  # s: what an encoder of sound puts before its first sample, where nothing says so


def setUpModule():
    global MEDIA, SOURCE
    box = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(box.cleanup)
    MEDIA = pathlib.Path(box.name)
    SOURCE = hls_media.recording(MEDIA / "source.mp4", 100, SECONDS)


class HlsCase(FetchCase):
    def serve(self, folder, at="/hls"):
        """Puts all files of a folder on the server; returns the URL of its playlist."""
        for file in folder.rglob("*"):
            if file.is_file():
                self.server.put(f"{at}/{file.relative_to(folder)}", file.read_bytes())
        return self.server.url(f"{at}/index.m3u8")

    def segments(self, *options, source=None, **more):
        return self.serve(hls_media.hls(source or SOURCE, self.dir / "hls", *options, **more))

    def film(self):
        """The only medium, with nothing left beside it."""
        files = list((self.out / "media").iterdir())
        self.assertEqual(len(files), 1, files)
        return files[0]

    def assert_nothing_partial(self):
        for name in self.media():
            subprocess.run(["ffprobe", "-v", "error", self.out / "media" / name], check=True)

    def assert_whole(self, film, first=100, seconds=SECONDS, late=0.0):
        """Every picture and click is there, at its time."""
        found = hls_media.numbers(film)
        self.assertEqual([number for number, _ in found], list(range(first, first + seconds * RATE)))
        for i, (_, time) in enumerate(found):
            self.assertAlmostEqual(time, i / RATE, delta=0.001)
        self.assert_clicks(film, range(1, seconds), late)

    def assert_clicks(self, film, expected, late=0.0):
        heard = hls_media.clicks(film)
        self.assertEqual(len(heard), len(expected), heard)
        for click, second in zip(heard, expected):
            self.assertAlmostEqual(click, second, delta=0.003 + late)

    def asked_paths(self):
        return [path.split("?")[0] for path, _ in self.server.requests]


class FormTest(HlsCase):
    """All forms that segments have."""

    def fetched(self, url):
        self.fetch(a=url)
        job = json.loads((self.out / "job.json").read_text())["assets"]["a"]
        self.assertEqual(self.out / job["uri"], self.film())
        self.assertEqual(job["alternatives"], [url])
        return self.film()

    def test_transport_streams(self):
        film = self.fetched(self.segments())
        self.assertEqual(film.suffix, ".mp4")
        self.assert_whole(film)

    def test_fragmented_mp4(self):
        self.assert_whole(self.fetched(self.segments("-hls_segment_type", "fmp4")))

    def test_byte_ranges_of_one_file_are_fetched_at_once(self):
        for kind in ("mpegts", "fmp4"):
            with self.subTest(kind):
                shutil.rmtree(self.dir / "hls", ignore_errors=True)
                shutil.rmtree(self.out, ignore_errors=True)
                self.server.requests.clear()
                url = self.segments("-hls_flags", "single_file", "-hls_segment_type", kind)
                self.assert_whole(self.fetched(url))
                self.assertEqual(len(self.server.requests), 2)

    def test_encrypted_segments(self):
        (MEDIA / "key").write_bytes(bytes(range(16)))
        for vector in ("", "000000000000000000000000000000ff"):
            with self.subTest(vector):
                shutil.rmtree(self.dir / "hls", ignore_errors=True)
                shutil.rmtree(self.out, ignore_errors=True)
                (MEDIA / "key_info").write_text(f"secret.key\n{MEDIA}/key\n{vector}\n")
                self.server.put("/hls/secret.key", bytes(range(16)))
                film = self.fetched(self.segments("-hls_key_info_file", MEDIA / "key_info", "-start_number", "7"))
                self.assert_whole(film)

    def test_absolute_and_relative_uris(self):
        folder = hls_media.hls(SOURCE, self.dir / "hls")
        (folder / "deep").mkdir()
        playlist = (folder / "index.m3u8").read_text().splitlines()
        places = [i for i, line in enumerate(playlist) if line.endswith(".ts")]
        forms = (self.server.url("/hls/{}?key=1"), "/hls/{}", "deep/../{}", "./{}")
        for i, form in zip(places, forms, strict=True):
            playlist[i] = form.format(playlist[i])
        (folder / "index.m3u8").write_text("\r\n".join(playlist))
        self.assert_whole(self.fetched(self.serve(folder) + "?token=secret"))

    def test_relative_uris_are_those_of_where_it_was_redirected_to(self):
        self.segments()
        self.server.put("/link.m3u8", b"", faults.redirect("/hls/index.m3u8"))
        self.assert_whole(self.fetched(self.server.url("/link.m3u8")))

    def test_open_groups_of_pictures_and_a_clock_that_wraps(self):
        source = hls_media.recording(self.dir / "open.mp4", 500, SECONDS, coding="open")
        film = self.fetched(self.segments("-output_ts_offset", "95440", source=source))
        self.assert_whole(film, first=500)

    def test_pictures_alone_and_sound_alone(self):
        film = self.fetched(self.segments(streams=("-an",)))
        self.assertEqual([number for number, _ in hls_media.numbers(film)], list(range(100, 100 + SECONDS * RATE)))
        shutil.rmtree(self.dir / "hls")
        shutil.rmtree(self.out)
        self.assert_clicks(self.fetched(self.segments(streams=("-vn",))), range(1, SECONDS), LATE)

    def test_what_an_mp4_cannot_hold_becomes_a_matroska_file(self):
        hls_media.ffmpeg("-i", SOURCE, "-c:v", "mpeg2video", "-g", "25", "-q:v", "2", "-c:a", "mp2", self.dir / "old.ts")
        url = self.segments(source=self.dir / "old.ts")
        film = self.fetched(url)
        self.assertEqual(film.suffix, ".mkv")
        found = hls_media.numbers(film)
        self.assertEqual([number for number, _ in found], list(range(100, 100 + SECONDS * RATE)))
        self.server.requests.clear()
        self.fetch(a=url)
        self.assertEqual(self.server.requests, [])


class RenditionTest(HlsCase):
    def test_the_best_that_the_canvas_holds(self):
        lines = ["#EXTM3U"]
        for name, size, first in (("large", "1920x1080", 1000), ("fits", "1280x720", 100), ("small", "640x360", 2000)):
            source = hls_media.recording(self.dir / f"{name}.mp4", first, 2)
            self.serve(hls_media.hls(source, self.dir / name), f"/hls/{name}")
            lines += [f"#EXT-X-STREAM-INF:BANDWIDTH={first},RESOLUTION={size}", f"{name}/index.m3u8"]
        url = self.server.put("/hls/index.m3u8", "\n".join(lines).encode())
        self.fetch(a=url)
        self.assert_whole(self.film(), seconds=2)
        self.assertEqual([path for path in self.asked_paths() if "fits" not in path], ["/hls/index.m3u8"])

    def test_sound_that_is_a_rendition_of_its_own(self):
        for kind in ("mpegts", "fmp4"):
            with self.subTest(kind):
                shutil.rmtree(self.out, ignore_errors=True)
                folder = self.dir / kind
                folder.mkdir()
                hls_media.ffmpeg("-i", SOURCE, "-map", "0:v", "-map", "0:a", "-c", "copy", "-hls_time", 2,
                                 "-hls_playlist_type", "vod", "-hls_segment_type", kind, "-output_ts_offset", "40",
                                 "-master_pl_name", "index.m3u8", "-var_stream_map", "v:0,agroup:s a:0,agroup:s,default:yes",
                                 folder / "%v" / "list.m3u8")
                self.fetch(a=self.serve(folder, f"/{kind}"))
                self.assert_whole(self.film())


class DiscontinuityTest(HlsCase):
    def joined(self, *parts, options=()):
        """One playlist of several recordings, whose clocks have nothing to do with each other."""
        lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:9"]
        for i, source in enumerate(parts):
            folder = hls_media.hls(source, self.dir / f"part{i}", "-output_ts_offset", 1000 - 300 * i, *options)
            self.serve(folder, f"/hls/{i}")
            text = re.sub(r'^(?=\w.*\.(ts|m4s)$)|(?<=URI=")', f"{i}/", (folder / "index.m3u8").read_text(), flags=re.M)
            lines += ["#EXT-X-DISCONTINUITY"] * (i > 0)
            lines += [line for line in text.splitlines() if line.startswith(("#EXTINF", "#EXT-X-MAP")) or line[0] != "#"]
        self.lines = lines + ["#EXT-X-ENDLIST"]
        return self.put_playlist()

    def put_playlist(self):
        return self.server.put("/hls/index.m3u8", "\n".join(self.lines).encode())

    def test_parts_stand_where_their_segments_are_declared(self):
        other = hls_media.recording(self.dir / "other.mp4", 3000, 4, coding="baseline")
        for options in ((), ("-hls_segment_type", "fmp4")):
            with self.subTest(options):
                for folder in ("part0", "part1", "part2", "out"):
                    shutil.rmtree(self.dir / folder, ignore_errors=True)
                self.fetch(a=self.joined(SOURCE, other, SOURCE, options=options))
                self.assert_parts(other_at=7, last_at=11)

    def test_a_part_that_is_shorter_than_declared_shifts_nothing(self):
        other = hls_media.recording(self.dir / "other.mp4", 3000, 4, coding="baseline")
        self.joined(SOURCE, other, SOURCE)
        last = max(i for i, line in enumerate(self.lines) if line.startswith("#EXTINF") and "1/" in self.lines[i + 1])
        self.lines[last] = "#EXTINF:7.5,"  # instead of 1.6 s
        self.fetch(a=self.put_playlist())
        self.assert_parts(other_at=7, last_at=16.9)

    def assert_parts(self, other_at, last_at):
        film = self.film()
        expected = [(100 + n, n / RATE) for n in range(SECONDS * RATE)]
        expected += [(3000 + n, other_at + n / RATE) for n in range(4 * RATE)]
        expected += [(100 + n, last_at + n / RATE) for n in range(SECONDS * RATE)]
        found = hls_media.numbers(film)
        self.assertEqual([number for number, _ in found], [number for number, _ in expected])
        for (_, is_at), (number, due) in zip(found, expected):
            self.assertAlmostEqual(is_at, due, delta=0.001, msg=number)
        seconds = [*range(1, 7), *(other_at + s for s in range(1, 4)), *(last_at + s for s in range(1, 7))]
        self.assert_clicks(film, seconds, LATE)


class FailureTest(HlsCase):
    def test_what_is_fetched_is_not_fetched_again(self):
        url = self.segments()
        self.server.resources["/hls/index2.ts"].faults = [faults.status(503)] * 2 + [faults.cut(0.5)]
        done = self.fetch("--retries", 1, a=url, status=5)
        self.assertIn("index2.ts", done.stderr)
        self.assertEqual(self.media(), {})
        self.server.requests.clear()
        self.fetch(a=url)
        self.assertEqual(self.asked_paths().count("/hls/index2.ts"), 2)
        self.assertEqual(self.server.asked("/hls/index2.ts")[1]["Range"][:6], "bytes=")
        self.assertNotIn("/hls/index0.ts", self.asked_paths())
        self.assert_whole(self.film())

    def test_what_is_whole_is_not_asked_for(self):
        url = self.segments()
        self.fetch(a=url)
        self.server.requests.clear()
        self.fetch(a=url)
        self.assertEqual(self.server.requests, [])

    def test_hosts_of_segments_and_keys_are_checked_before_any_is_fetched(self):
        other = faults.Server("127.0.0.2")
        self.addCleanup(other.close)
        folder = hls_media.hls(SOURCE, self.dir / "hls")
        text = (folder / "index.m3u8").read_text()
        for changed in (text.replace("index1.ts", other.url("/index1.ts")),
                        text.replace("#EXTINF", f'#EXT-X-KEY:METHOD=AES-128,URI="{other.url("/key")}"\n#EXTINF', 1)):
            (folder / "index.m3u8").write_text(changed)
            self.server.requests.clear()
            done = self.fetch(a=self.serve(folder), status=2)
            self.assertIn("--allow-host 127.0.0.2", done.stderr)
            self.assertEqual(self.asked_paths(), ["/hls/index.m3u8"])
        (folder / "index.m3u8").write_text(text)
        self.serve(folder)
        self.server.resources["/hls/index1.ts"].faults = [faults.redirect(other.url("/index1.ts"))]
        self.assertIn("--allow-host 127.0.0.2", self.fetch(a=self.server.url("/hls/index.m3u8"), status=2).stderr)
        self.assertEqual(other.connections, 0)

    def test_all_segments_together_have_the_limit_of_a_file(self):
        url = self.segments()
        sizes = [len(r.content) for path, r in self.server.resources.items() if path.endswith(".ts")]
        most = (max(sizes) + sum(sizes)) / 2 / 1e6
        self.assertIn("--max-size", self.fetch("--max-size", f"{most:.6f}", a=url, status=5).stderr)
        self.assertEqual(self.media(), {})

    def test_playlists_that_cannot_be_fetched_say_why(self):
        url = self.segments()
        text = self.server.resources["/hls/index.m3u8"].content.decode()
        segment = next(line for line in text.splitlines() if line.endswith("0.ts"))
        for changed, why in ((text.replace("#EXT-X-ENDLIST", ""), "still being recorded"),
                             (text.replace("#EXTINF", "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"k\"\n#EXTINF", 1), "SAMPLE-AES"),
                             ("<html>", "#EXTM3U"), (text.replace(segment, "file:///etc/passwd"), "https://")):
            self.server.put("/hls/index.m3u8", changed.encode())
            done = self.fetch(a=url, status=5)
            self.assertIn(why, done.stderr)
            self.assertIn('asset "a"', done.stderr)
        self.server.put("/hls/index.m3u8", b"no", faults.status(404))
        self.assertIn("404", self.fetch(a=url, status=5).stderr)

    def test_a_wrong_key_and_what_is_no_medium(self):
        (MEDIA / "key").write_bytes(bytes(range(16)))
        (MEDIA / "key_info").write_text(f"secret.key\n{MEDIA}/key\n")
        url = self.segments("-hls_key_info_file", MEDIA / "key_info")
        for key, why in ((bytes(16), "key"), (b"short", "16 bytes")):
            self.server.put("/hls/secret.key", key)
            self.assertIn(why, self.fetch(a=url, status=5).stderr)
            shutil.rmtree(self.out)
        for name in [name for name in self.server.resources if name.endswith(".ts")]:
            self.server.put(name, b"<html>" * 96)
        text = self.server.resources["/hls/index.m3u8"].content
        self.server.put("/hls/index.m3u8", re.sub(rb"#EXT-X-KEY.*\n", b"", text))
        self.assertIn("neither", self.fetch(a=url, status=5).stderr)

    def test_segments_are_read_without_a_network_and_without_other_files(self):
        trace = self.traced("seccomp,socket,connect,execve,openat",
                            *self.command(self.job(a=self.segments())))
        worker = next(line.split()[0] for line in trace if "execve" in line and '"worker"' in line)
        lines = [line for line in trace if line.split()[0] == worker]
        confined = next(i for i, line in enumerate(lines) if "SECCOMP_SET_MODE_FILTER" in line and line.endswith("= 0"))
        opened = next(i for i, line in enumerate(lines) if ".segments/" in line and ".remux" not in line and "O_RDONLY" in line)
        self.assertLess(confined, opened)
        self.assertNotIn("socket(AF_INET", "\n".join(lines))


def grown(_, resource):
    """From now on it is longer by an empty packet, and has another ETag."""
    if resource.content[:1] == b"\x47":
        resource.content += b"\x47\x1f\xff\x10" + b"\xff" * 184
    return True


RANDOM_FAULTS = (faults.cut(0.0), faults.cut(0.3), faults.cut(0.9), faults.reset, faults.hang_up, faults.garbage,
                 faults.status(503), faults.status(429), faults.status(500), faults.throttle, faults.chunked,
                 faults.says_longer, faults.ignores_range, faults.wrong_range, faults.not_satisfiable, grown,
                 faults.redirect("http://127.0.0.2:1/"), faults.status(404), faults.without_length, faults.stall)


class RandomTest(HlsCase):
    def packets(self, film):
        """What is coded, packet by packet."""
        return subprocess.run(["ffprobe", "-v", "error", "-show_entries", "packet=stream_index,pts_time,data_hash",
                               "-show_data_hash", "md5", "-of", "csv=p=0", film], check=True, capture_output=True).stdout

    def test_every_file_is_whole_or_an_error_names_it(self):
        other = faults.Server("127.0.0.2")
        self.addCleanup(other.close)
        chance = random.Random(ROUNDS)
        source = hls_media.recording(self.dir / "short.mp4", 0, 3)
        (MEDIA / "key").write_bytes(bytes(range(16)))
        (MEDIA / "key_info").write_text(f"secret.key\n{MEDIA}/key\n")
        forms = []
        for options in ((), ("-hls_segment_type", "fmp4"), ("-hls_key_info_file", MEDIA / "key_info")):
            folder = hls_media.hls(source, self.dir / f"form{len(forms)}", "-hls_time", "1", *options)
            shutil.copy(MEDIA / "key", folder / "secret.key")
            self.fetch(a=self.serve(folder))
            forms.append((folder, self.packets(self.film())))
            shutil.rmtree(self.out)
        for done in range(0, ROUNDS, 10):
            self.round(chance, forms, range(done, min(done + 10, ROUNDS)))
            shutil.rmtree(self.out)
        self.assertEqual(other.connections, 0)

    def round(self, chance, forms, numbers):
        assets, whole = {}, {}
        self.server.resources.clear()
        for number in numbers:
            folder, whole[f"a{number}"] = chance.choice(forms)
            assets[f"a{number}"] = self.serve(folder, f"/{number}")
        for resource in self.server.resources.values():
            if chance.random() < 0.3:
                resource.faults = chance.choices(RANDOM_FAULTS, k=chance.randrange(1, 4))
        done = subprocess.run(self.command(self.job(**assets)), capture_output=True, text=True, timeout=300, env=NO_PROXY)
        self.assertIn(done.returncode, (0, 2, 5), done.stderr)
        job = json.loads((self.out / "job.json").read_text())
        for name in assets:
            file = self.out / job["assets"][name]["uri"]
            if file.exists():
                self.assertEqual(self.packets(file), whole[name], name)
            else:
                self.assertIn(f'asset "{name}"', done.stderr)


if __name__ == "__main__":
    unittest.main()
