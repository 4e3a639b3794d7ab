# SPDX-License-Identifier: LGPL-2.1-or-later
"""Films for players that fetch parts of them: HLS and DASH.  Usage: stream_test.py ROSTRUM [unittest options]"""
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import meeting_case
import recording

ROSTRUM = os.path.abspath(sys.argv.pop(1))


def boxes(data, at=0):
    """(type, position, size) of each box of an MP4."""
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        yield kind.decode(), at, size
        at += size


def hashes(path, stream):
    """Time and hash of each decoded frame, by ffmpeg."""
    text = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-map", f"0:{stream}", "-f", "framemd5", "-"],
                          check=True, capture_output=True, text=True).stdout
    return [re.split(r",\s*", line)[1:] for line in text.splitlines() if not line.startswith("#")]


def sound(path):
    """Samples as GStreamer plays them: ffmpeg leaves what comes before 0 and after the end in fragments."""
    with tempfile.NamedTemporaryFile() as raw:
        recording.launch(f"filesrc location={path} ! qtdemux name=d  d.audio_0 ! decodebin ! audioconvert !"
                         f"audio/x-raw,format=F32LE ! filesink location={raw.name}")
        return pathlib.Path(raw.name).read_bytes()


def ranges(playlist):
    """(seconds, bytes, offset) of each segment."""
    return [(float(a), int(b), int(c)) for a, b, c in
            re.findall(r"#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n", playlist.read_text())]


class StreamTest(meeting_case.MeetingCase):
    SECONDS = 16

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        recording.meeting(cls.made, cls.SECONDS)

    def render(self, *words, status=0):
        done = subprocess.run([ROSTRUM, "render", self.job, "-o", self.out, "--progress", "none", *map(str, words)],
                              capture_output=True, text=True, timeout=200)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stderr

    def test_both_kinds_play_what_the_film_plays(self):
        self.render("--stream", self.dir / "out.m3u8", "--stream", self.dir / "out.mpd")
        picture, media = self.dir / "out.picture.mp4", self.dir / "out.sound.mp4"
        self.assertEqual(hashes(picture, "v"), hashes(self.out, "v"))
        self.assertEqual(len(hashes(picture, "v")), 25 * self.SECONDS)
        self.assertEqual(sound(media), sound(self.out))
        self.assertEqual(recording.streams(media)["audio"]["start_pts"], -1024)
        for playlist in ("out.m3u8", "out.mpd"):
            self.assertEqual([f[-1] for f in hashes(self.dir / playlist, "v")], [f[-1] for f in hashes(self.out, "v")])
        files = json.loads((self.dir / "out.report.json").read_text())["streams"]
        self.assertEqual(sorted(pathlib.Path(f).name for f in files),
                         ["out.m3u8", "out.mpd", "out.picture.m3u8", "out.picture.mp4", "out.sound.m3u8", "out.sound.mp4"])
        for part in (picture, media):
            found = recording.streams(part)
            self.assertAlmostEqual(float(next(iter(found.values()))["duration"]), self.SECONDS, delta=0.05)
        self.assert_segments(picture)
        self.assert_segments(media)
        self.assert_begins_anywhere(picture)
        self.assert_index(picture)

    def assert_segments(self, media):
        """They tile the file, each is one fragment, and they last as long as the film."""
        playlist = media.with_suffix(".m3u8")
        data = media.read_bytes()
        layout = list(boxes(data))
        self.assertEqual([kind for kind, _, _ in layout[:3]], ["ftyp", "moov", "sidx"])
        self.assertEqual([kind for kind, _, _ in layout[3:]], ["moof", "mdat"] * len(ranges(playlist)))
        at = layout[3][1]
        for _, size, offset in ranges(playlist):
            self.assertEqual(offset, at)
            at += size
        self.assertEqual(at, len(data))
        self.assertIn(f'BYTERANGE="{layout[2][1]}@0"', playlist.read_text())
        self.assertAlmostEqual(sum(seconds for seconds, _, _ in ranges(playlist)), self.SECONDS, delta=0.05)
        longest = int(re.search(r"TARGETDURATION:(\d+)", playlist.read_text())[1])
        self.assertTrue(all(6 <= seconds <= longest for seconds, _, _ in ranges(playlist)[:-1]))

    def assert_begins_anywhere(self, media):
        """The last segment, behind the head, decodes to the film's last pictures."""
        data = media.read_bytes()
        head = next(at for kind, at, _ in boxes(data) if kind == "sidx")
        seconds, size, offset = ranges(media.with_suffix(".m3u8"))[-1]
        part = self.dir / "part.mp4"
        part.write_bytes(data[:head] + data[offset:offset + size])
        whole = [f[-1] for f in hashes(media, "v")]
        found = [f[-1] for f in hashes(part, "v")]
        self.assertEqual(len(found), round(25 * seconds))
        self.assertEqual(found, whole[-len(found):])

    def assert_index(self, media):
        names = {"d": "urn:mpeg:dash:schema:mpd:2011"}
        mpd = xml.etree.ElementTree.parse(self.dir / "out.mpd")
        base = next(b for b in mpd.iterfind(".//d:SegmentBase", names))
        first, last = map(int, base.get("indexRange").split("-"))
        data = media.read_bytes()
        self.assertEqual(data[first + 4:first + 8], b"sidx")
        self.assertEqual(last + 1 - first, struct.unpack_from(">I", data, first)[0])
        self.assertEqual(base.find("d:Initialization", names).get("range"), f"0-{first - 1}")

    def test_the_job_can_ask_for_them(self):
        def with_playlist(job):
            job["outputs"] = [{"path": "film.mp4"}, {"path": "a & b.mpd"}]
        self.edit(with_playlist)
        done = subprocess.run([ROSTRUM, "render", self.job, "--to", "2", "--progress", "none"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([len(hashes(self.dir / name, "v")) for name in ("film.mp4", "a & b.picture.mp4")], [50] * 2)
        self.assertIn("<BaseURL>a%20%26%20b.picture.mp4</BaseURL>", (self.dir / "a & b.mpd").read_text())

    def test_sound_alone_is_a_stream_too(self):
        self.out = self.dir / "out.m4a"
        self.render("--audio-only", "--stream", self.dir / "out.m3u8", "--to", "3")
        self.assertEqual(len(sound(self.dir / "out.sound.mp4")), len(sound(self.out)))
        self.assertFalse((self.dir / "out.picture.mp4").exists())
        self.out = self.dir / "out.flac"
        self.assertIn("name it .m4a", self.render("--audio-only", "--stream", self.dir / "b.m3u8", status=2))

    def test_nothing_is_replaced(self):
        (self.dir / "out.sound.m3u8").write_text("mine")
        self.assertIn("exists already", self.render("--stream", self.dir / "out.m3u8", status=2))
        (self.dir / "out.sound.m3u8").unlink()
        self.out = self.dir / "out.sound.mp4"
        self.assertIn("is the film, so it cannot be a part of a stream",
                      self.render("--stream", self.dir / "out.m3u8", status=2))
        self.assertIn("neither in .m3u8", self.render("--stream", self.dir / "out.ts", status=2))

    def test_a_playlist_is_not_that_of_another_ones_part(self):
        said = self.render("--stream", self.dir / "a.m3u8", "--stream", self.dir / "a.picture.m3u8", status=2)
        self.assertIn("a.picture.m3u8: is the playlist of a part of another stream", said)


if __name__ == "__main__":
    unittest.main()
