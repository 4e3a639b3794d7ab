# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams with several renditions, of one decode and one composition, by ffmpeg as witness.
Usage: renditions_test.py ROSTRUM FAULTY_PLUGIN [unittest options]"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import recording

ROSTRUM, PLUGIN = map(os.path.abspath, (sys.argv.pop(1), sys.argv.pop(1)))
SECONDS = 34  # two chunks, the cut at 27 s
SIZES = {"out.picture": (320, 180), "out.picture-120": (214, 120), "out.picture-90": (160, 90)}
RENDITIONS = [{"height": 90, "profile": "draft"}, {"height": 120}]


def tool(*words, **how):
    return subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, timeout=200,
                          stdin=subprocess.DEVNULL, **how)


def ffprobe(path, what, entries, *words):
    text = subprocess.run(["ffprobe", "-v", "error", *words, f"-show_{what}", "-show_entries", entries, "-of", "json", str(path)],
                          check=True, capture_output=True, text=True).stdout
    return json.loads(text)


def frames(path):
    """(time, whether it is a key frame) of each frame that ffmpeg decodes."""
    found = ffprobe(path, "frames", "frame=pts_time,key_frame", "-select_streams", "v")["frames"]
    return [(f["pts_time"], f["key_frame"]) for f in found]


def segments(playlist):
    """(seconds, bytes, offset) of each."""
    return [(float(a), int(b), int(c)) for a, b, c in
            re.findall(r"#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n", playlist.read_text())]


def psnr(rendition, film, size):
    """Of all frames together against the film's, scaled, and of the worst; in dB."""
    graph = f"[1:v]scale={size[0]}:{size[1]}:flags=lanczos[film];[0:v][film]psnr"
    text = subprocess.run(["ffmpeg", "-nostdin", "-i", str(rendition), "-i", str(film), "-lavfi", graph, "-f", "null", "-"],
                          check=True, capture_output=True, text=True).stderr
    return tuple(float(figure) for figure in re.search(r"PSNR .*average:([\d.]+|inf) min:([\d.]+|inf)", text).groups())


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make(folder):
    """A moving picture in two clips, between which the chunks are cut."""
    recording.camera(folder / "a.mp4", SECONDS, pattern="ball", size="320x180")
    recording.camera(folder / "b.mp4", 8, size="320x180")
    (folder / "job.json").write_text(json.dumps({
        "rostrum": 1, "canvas": {"size": "320x180", "rate": "25/1"}, "duration": SECONDS,
        "assets": {"a": {"uri": "a.mp4"}, "b": {"uri": "b.mp4"}},
        "tracks": [{"id": "screen", "kind": "screen", "clips": [
            {"asset": "a", "start": 0, "duration": 27}, {"asset": "b", "start": 27, "duration": SECONDS - 27}]}],
        "outputs": [{"path": "out.mp4", "profile": "fast"}, {"path": "out.m3u8", "renditions": RENDITIONS},
                    {"path": "out.mpd", "renditions": RENDITIONS[:1]}]}))


def setUpModule():
    made = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(made.cleanup)
    RenditionsCase.made = pathlib.Path(made.name).resolve()
    make(RenditionsCase.made)
    done = tool("render", RenditionsCase.made / "job.json", "--progress", "none")
    assert done.returncode == 0, done.stderr


class RenditionsCase(unittest.TestCase):
    made = None  # the folder of the job and of what it is rendered to

    def report(self, folder=None):
        return json.loads(((folder or self.made) / "out.report.json").read_text())


class StreamTest(RenditionsCase):
    """What was made."""

    def test_each_has_the_films_frames_in_its_own_size(self):
        film = frames(self.made / "out.mp4")
        self.assertEqual(len(film), 25 * SECONDS)
        for name, size in SIZES.items():
            path = self.made / f"{name}.mp4"
            stream = ffprobe(path, "streams", "stream=width,height,codec_type,codec_name")["streams"]
            self.assertEqual([(s["codec_type"], s["width"], s["height"]) for s in stream], [("video", *size)])
            self.assertEqual([t for t, _ in frames(path)], [t for t, _ in film], name)

    def test_all_segments_are_as_long_and_begin_with_a_key_frame(self):
        found = {name: segments(self.made / f"{name}.m3u8") for name in SIZES}
        lengths = [seconds for seconds, _, _ in found["out.picture"]]
        self.assertEqual(lengths, [6, 6, 6, 6, 6, 4])
        for name, parts in found.items():
            self.assertEqual([seconds for seconds, _, _ in parts], lengths, name)
            data = (self.made / f"{name}.mp4").read_bytes()
            self.assertEqual(sum(size for _, size, _ in parts) + parts[0][2], len(data))
            keys = {float(t) for t, key in frames(self.made / f"{name}.mp4") if key}
            self.assertLessEqual({0, 6, 12, 18, 24, 27, 30}, keys, name)
            self.assert_plays_alone(data, parts)

    def assert_plays_alone(self, data, parts):
        """Behind the head, a segment in the middle gives all of its pictures and complains of nothing."""
        seconds, size, offset = parts[3]
        part = self.made / "part.mp4"
        part.write_bytes(data[:data.index(b"sidx") - 4] + data[offset:offset + size])
        done = subprocess.run(["ffprobe", "-v", "warning", "-count_frames", "-show_entries", "stream=nb_read_frames", "-of",
                               "csv=p=0", str(part)], check=True, capture_output=True, text=True)
        self.assertEqual((int(done.stdout), done.stderr), (25 * seconds, ""))

    def test_a_rendition_looks_like_the_film(self):
        for name, size in list(SIZES.items())[1:]:
            mean, worst = psnr(self.made / f"{name}.mp4", self.made / "out.mp4", size)
            self.assertGreater(mean, 40, name)
            self.assertGreater(worst, 33, name)

    def test_playlists_name_each(self):
        text = (self.made / "out.m3u8").read_text()
        self.assertEqual(re.findall(r"RESOLUTION=(\w+),FRAME-RATE=25.000,AUDIO=\"sound\"\n(.*)", text),
                         [("320x180", "out.picture.m3u8"), ("214x120", "out.picture-120.m3u8"),
                          ("160x90", "out.picture-90.m3u8")])
        for playlist, sizes in (("out.m3u8", [180, 120, 90]), ("out.mpd", [180, 90])):
            found = ffprobe(self.made / playlist, "streams", "stream=codec_type,height")["streams"]
            self.assertEqual(sorted((s["height"] for s in found if s["codec_type"] == "video"), reverse=True), sizes)
            self.assertIn("audio", {s["codec_type"] for s in found})
        self.assertEqual((self.made / "out.mpd").read_text().count("<AdaptationSet"), 2)

    def test_the_report_and_the_plan_name_them(self):
        found = {r["size"]: r for r in self.report()["renditions"]}
        self.assertEqual(set(found), {"214x120", "160x90"})
        for r in found.values():
            self.assertEqual(r["bytes"], pathlib.Path(r["path"]).stat().st_size)
        said = tool("plan", self.made / "job.json").stdout
        self.assertIn("composed: renditions are made of it", said)
        self.assertIn("renditions:\n214x120  as the film\n160x90  profile draft\n", said)


class AgainTest(RenditionsCase):
    """Renders that are interrupted, and jobs that change."""

    def setUp(self):
        box = tempfile.TemporaryDirectory()
        self.addCleanup(box.cleanup)
        self.dir = pathlib.Path(box.name).resolve()
        for name in ("a.mp4", "b.mp4", "job.json"):
            shutil.copy(self.made / name, self.dir)
        self.job = self.dir / "job.json"

    def render(self, *words, status=0, **how):
        done = tool("render", self.job, "--progress", "none", *words, **how)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stderr

    def edit(self, change):
        job = json.loads(self.job.read_text())
        change(job)
        self.job.write_text(json.dumps(job))

    def ask_for(self, renditions):
        def change(job):
            job["outputs"] = job["outputs"][:2]
            job["outputs"][1]["renditions"] = renditions
            if not renditions:
                del job["outputs"][1]["renditions"]
        self.edit(change)

    def test_a_killed_render_goes_on(self):
        process = subprocess.Popen([ROSTRUM, "render", self.job, "--jobs", "1", "--progress", "none"], stdin=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        journal = self.dir / "out.mp4.rostrum" / "journal.ndjson"
        end = time.monotonic() + 60
        while time.monotonic() < end and not (journal.exists() and b"-90.mp4" in journal.read_bytes()):
            time.sleep(0.01)
        process.kill()
        process.wait()
        self.assertIn(b"-90.mp4", journal.read_bytes())
        self.render()
        self.assertGreater(self.report(self.dir)["chunks"]["reused"], 0)
        for name in SIZES:
            self.assertEqual(digest(self.dir / f"{name}.mp4"), digest(self.made / f"{name}.mp4"), name)

    def test_what_is_lost_or_other_is_made_again(self):
        self.render("--keep")
        lost = sorted((self.dir / "out.mp4.rostrum" / "chunks").glob("*-90.mp4"))
        self.assertEqual(len(lost), 2)
        lost[0].unlink()
        self.render("--keep", "--overwrite")
        self.assertEqual(self.report(self.dir)["chunks"]["rendered"], 1)
        self.assertEqual(digest(self.dir / "out.picture-90.mp4"), digest(self.made / "out.picture-90.mp4"))
        self.assert_others_are_other_chunks()

    def assert_others_are_other_chunks(self):
        for renditions in ([{"height": 90, "profile": "fast"}], []):
            self.ask_for(renditions)
            self.render("--keep", "--overwrite")
            self.assertEqual(self.report(self.dir)["chunks"]["rendered"], 2, renditions)
        self.assertNotIn("renditions", self.report(self.dir))

    def test_pictures_that_stand_still_change_where_the_film_does(self):
        """They are composed and scaled once, and encoded as often as they are shown."""
        for name, colour in (("1", 0xFF2040A0), ("2", 0xFFA04020)):
            recording.slide(self.dir / f"{name}.png", colour)

        def change(job):
            job["assets"] = {"1": {"uri": "1.png"}, "2": {"uri": "2.png"}}
            job["tracks"] = [{"id": "deck", "kind": "slides", "clips": [
                {"asset": "1", "start": 0}, {"asset": "2", "start": 3.48}, {"asset": "1", "start": 7.2}]}]
            job["duration"] = 10
        self.edit(change)
        self.render()
        for name, size in SIZES.items():
            self.assertEqual(len(frames(self.dir / f"{name}.mp4")), 250, name)
            self.assertGreater(psnr(self.dir / f"{name}.mp4", self.dir / "out.mp4", size)[1], 40, name)

    def test_frames_that_are_left_out_are_left_out_of_all(self):
        for name, colour in (("1", 0xFF2040A0), ("2", 0xFFA04020)):
            recording.slide(self.dir / f"{name}.png", colour)

        def change(job):
            job["assets"].update({"1": {"uri": "1.png"}, "2": {"uri": "2.png"}})
            job["tracks"] = [{"id": "screen", "kind": "screen", "clips": [{"asset": "a", "start": 0, "duration": 2.2}]},
                             {"id": "deck", "kind": "slides", "clips": [{"asset": "1", "start": 0}, {"asset": "2", "start": 17.48}]}]
            job["duration"] = 27
            job["outputs"][0]["rate"] = "variable"
        self.edit(change)
        self.render("--verify", "full")
        times = [float(time) for time, _ in frames(self.dir / "out.mp4")]
        self.assertLess(len(times), 120)
        for name in SIZES:
            found = [(float(time), key) for time, key in frames(self.dir / f"{name}.mp4")]
            self.assertEqual([time for time, _ in found], times, name)
            self.assertLessEqual({0, 6, 12, 18, 24}, {time for time, key in found if key}, name)
        lengths = [[seconds for seconds, *_ in segments(playlist)] for playlist in sorted(self.dir.glob("out.picture*.m3u8"))]
        self.assertEqual(lengths, [lengths[0]] * len(lengths))
        self.assertEqual([round(sum(lengths[0]), 3), len(lengths[0])], [27, 5])

    def test_what_cannot_be_is_said(self):
        self.assertIn("a draft has no renditions", self.render("--draft", "--to", "1"))
        self.assertFalse((self.dir / "out.picture-90.mp4").exists())
        self.ask_for([{"height": 90, "profile": "superb"}])
        self.assertIn("/outputs/1/renditions/0/profile: no encoder of this film", self.render("--overwrite", status=3))

    def render_with_faulty_rendition(self, **properties):
        """The film's encoder works, that of a rendition does not."""
        plugins, profiles = self.dir / "plugins", self.dir / "profiles"
        for folder in (plugins, profiles):
            folder.mkdir(exist_ok=True)
        shutil.copy(PLUGIN, plugins)
        (profiles / "faulty.json").write_text(json.dumps({
            "encoder": "faulty", "element": "faultyh264enc", "codec": "h264", "device": "/dev/null", "caps": {"profile": "high"},
            "profiles": {"fast": {}, "draft": properties}}))
        env = {**os.environ, "GST_PLUGIN_PATH": str(plugins), "GST_REGISTRY": str(self.dir / "registry.bin"),
               "XDG_CACHE_HOME": str(self.dir / "cache")}
        said = self.render("--profile-dir", profiles, "--to", "8", "--overwrite", env=env)
        for name in SIZES:
            self.assertEqual(len(frames(self.dir / f"{name}.mp4")), 200, name)
        return said

    def test_the_next_encoder_makes_all_of_them(self):
        self.assertIn("the encoder faulty failed", self.render_with_faulty_rendition(fault="driver", frame=20))

    def test_a_rendition_is_tried_as_well(self):
        self.assertRegex(self.render_with_faulty_rendition(fault="driver", frame=3),
                         "the encoder faulty does not work: .*error 42 of the driver; the film is rendered with x264")
        self.assertNotIn("encoder-failures", self.report(self.dir))


if __name__ == "__main__":
    unittest.main()
