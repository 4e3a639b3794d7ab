# SPDX-License-Identifier: LGPL-2.1-or-later
"""Films of every codec in every container.  Usage: containers_test.py ROSTRUM [unittest options]"""
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

import browser
import meeting_case
import recording

ROSTRUM = os.path.abspath(sys.argv.pop(1))


def installed(element):
    return subprocess.run(["gst-inspect-1.0", "--exists", element]).returncode == 0


def probe(film, *words):
    done = subprocess.run(["ffprobe", "-v", "error", "-of", "json", *words, str(film)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def pictures(film):
    """Hash of each decoded frame, by ffmpeg."""
    text = subprocess.run(["ffmpeg", "-v", "error", "-i", str(film), "-map", "0:v", "-vsync", "passthrough", "-f", "framemd5", "-"],
                          check=True, capture_output=True, text=True).stdout
    return [re.split(r",\s*", line)[-1] for line in text.splitlines() if not line.startswith("#")]


def shown(film):
    """When each frame is shown, in milliseconds."""
    frames = probe(film, "-select_streams", "v", "-show_entries", "packet=pts_time")["packets"]
    return sorted(round(1000 * float(f["pts_time"])) for f in frames)


def played(film, demuxer):
    """Samples per channel that GStreamer plays."""
    out = subprocess.run(["gst-launch-1.0", "-q", *f"filesrc location={film} ! {demuxer} name=d d.audio_0 ! decodebin ! "
                          "audioconvert ! audio/x-raw,format=S16LE,channels=1 ! fdsink".split()], check=True, capture_output=True)
    return len(out.stdout) // 2


def chapters(film):
    return [(round(float(c["start_time"]), 3), c["tags"]["title"]) for c in probe(film, "-show_chapters")["chapters"]]


class FilmCase(meeting_case.MeetingCase):
    def setUp(self):
        super().setUp()
        self.edit(lambda job: job.update(canvas={"size": "160x90", "rate": "25/1"}))

    def run_tool(self, *words, status=0):
        env = {**os.environ, "XDG_CACHE_HOME": str(self.dir / "cache")}  # of jobs of another length nothing is known
        done = subprocess.run([ROSTRUM, *map(str, words)], env=env, capture_output=True, text=True, timeout=200)
        self.assertEqual(done.returncode, status, done.stderr + done.stdout)
        return done.stderr

    def render(self, *words, status=0):
        return self.run_tool("render", self.job, "--progress", "none", *words, status=status)

    def outputs(self, *outputs, **audio):
        self.edit(lambda job: job.update(outputs=list(outputs), **({"audio": audio} if audio else {})))

    def report(self, name="out"):
        return json.loads((self.dir / f"{name}.report.json").read_text())


class CodecTest(FilmCase):
    def check(self, encoder, codec, tag, seconds, *words):
        self.edit(lambda job: job.update(duration=seconds))
        self.render("--encoder", encoder, "-o", self.out, *words)
        video = recording.streams(self.out)["video"]
        self.assertEqual((video["codec_name"], video["codec_tag_string"]), (codec, tag))
        if encoder != "av1":  # which says no colours; the file does, but ffprobe takes the stream's word
            self.assertEqual(video["color_space"], "bt709")
        self.assertEqual(video["nb_read_frames"], str(25 * seconds))
        self.assertEqual(shown(self.out), [40 * n for n in range(25 * seconds)])
        self.assertEqual(self.report()["encoder"], encoder)
        self.run_tool("verify", self.out, "--job", self.job)

    @unittest.skipUnless(installed("x265enc"), "without x265enc")
    def test_h265_of_several_chunks(self):
        self.check("x265", "hevc", "hvc1", 34, "--profile", "fast")
        self.assertGreaterEqual(self.report()["chunks"]["rendered"], 3)

    @unittest.skipUnless(installed("vp9enc"), "without vp9enc")
    def test_vp9_of_several_chunks(self):
        self.check("vp9", "vp9", "vp09", 34, "--profile", "fast")

    @unittest.skipUnless(installed("av1enc"), "without av1enc")
    def test_av1(self):
        self.check("av1", "av1", "av01", 2, "--profile", "fast")

    @unittest.skipUnless(installed("vp9enc"), "without vp9enc")
    def test_pictures_of_h264_are_not_copied_into_another_codec(self):
        def camera_alone(job):
            job.update(canvas={"size": "320x180", "rate": "25/1"}, duration=3, layout={"policy": "single"})
            del job["tracks"][1:]
        self.edit(camera_alone)
        self.render("--encoder", "vp9", "-o", self.out)
        self.assertEqual(recording.streams(self.out)["video"]["codec_name"], "vp9")
        self.assertNotIn("picture", self.report())
        plan = subprocess.run([ROSTRUM, "plan", self.job], env={**os.environ, "ROSTRUM_ENCODER": "vp9"}, capture_output=True,
                              text=True, check=True).stdout
        self.assertIn("the film is not of H.264", plan)

    def test_streams_name_the_codec(self):
        self.edit(lambda job: job.update(duration=1))
        for encoder, name in (("x265", r"hvc1\.1\.6\.L\d+\.[0-9A-F.]+"), ("vp9", r"vp09\.00\.\d\d\.08")):
            if installed(encoder + "enc"):
                self.render("--encoder", encoder, "-o", self.dir / f"{encoder}.mp4", "--stream", self.dir / f"{encoder}.m3u8")
                self.assertRegex((self.dir / f"{encoder}.m3u8").read_text(), f'CODECS="{name},mp4a')


class ContainerTest(FilmCase):
    def test_matroska_and_fragments_hold_what_the_film_holds(self):
        self.outputs({"path": "out.mp4"}, {"path": "out.mkv"}, {"path": "parts.mp4", "fragmented": True}, {"path": "same.mp4"})
        self.render("--to", "4")
        self.assertEqual([pathlib.Path(f).name for f in self.report()["films"]], ["out.mkv", "parts.mp4", "same.mp4"])
        self.assertEqual((self.dir / "same.mp4").read_bytes(), self.out.read_bytes())
        for name in ("out.mkv", "parts.mp4"):
            film = self.dir / name
            self.assertEqual(pictures(film), pictures(self.out), name)
            self.assertEqual(shown(film), [40 * n for n in range(100)], name)
            self.assertEqual(chapters(film), chapters(self.out), name)
            self.assertAlmostEqual(float(probe(film, "-show_format")["format"]["duration"]), 4, delta=0.03)
            self.run_tool("verify", film)
            self.run_tool("verify", film, "--quick", "--job", self.job, "--to", "4")
        self.assertGreater(len(chapters(self.out)), 1)
        self.assertAlmostEqual(played(self.dir / "parts.mp4", "qtdemux"), 4 * 48000, delta=1)

    def test_the_film_itself_can_be_matroska(self):
        for codec, name in (("aac", "aac"), ("opus", "opus"), ("flac", "flac")):
            film = self.dir / f"{codec}.mkv"
            self.edit(lambda job: job.update(audio={"codec": codec}))
            self.render("--to", "2", "-o", film, "--verify", "full")
            found = recording.streams(film)
            self.assertEqual((found["video"]["codec_name"], found["audio"]["codec_name"]), ("h264", name))
            self.assertEqual(found["video"]["nb_read_frames"], "50")
            self.assertEqual(float(found["video"]["start_time"]), 0)
            self.assertAlmostEqual(float(found["audio"]["start_time"]), 0, delta=0.007)  # of Opus before its delay
            self.assertEqual(recording.samples(film), 2 * 48000, codec)
            # GStreamer plays the last packet of AAC whole
            self.assertEqual(played(film, "matroskademux"), 94 * 1024 if codec == "aac" else 2 * 48000, codec)
            self.run_tool("verify", film, "--job", self.job, "--to", "2")
        self.assertEqual(sorted(p.name for p in self.dir.iterdir() if p.suffix in (".part", ".rostrum")), [])

    def test_frames_that_are_held_stay_held(self):
        def still(job):
            job.update(duration=14)
            del job["tracks"][:2]
            job["tracks"][0]["clips"] = [{"asset": "slide", "start": 0, "duration": 14}]
        self.edit(still)
        self.outputs({"path": "out.mp4", "rate": "variable"}, {"path": "out.mkv"}, {"path": "parts.mp4", "fragmented": True})
        self.render()
        self.assertLess(len(shown(self.out)), 40)
        for name in ("out.mkv", "parts.mp4"):
            self.assertEqual(shown(self.dir / name), shown(self.out), name)
            self.run_tool("verify", self.dir / name, "--job", self.job)

    def test_rates_that_are_no_whole_milliseconds(self):
        self.edit(lambda job: job.update(canvas={"size": "160x90", "rate": "30000/1001"}))
        film = self.dir / "out.mkv"
        self.render("--to", "2.002", "-o", film)
        self.assertEqual(probe(film, "-show_streams")["streams"][0]["r_frame_rate"], "30000/1001")
        self.assertEqual(len(shown(film)), 60)

    def test_a_film_cut_off_is_not_right(self):
        film = self.dir / "out.mkv"
        self.render("--to", "2", "-o", film)
        film.write_bytes(film.read_bytes()[:-2000])
        self.run_tool("verify", film, "--job", self.job, "--to", "2", status=6)
        film.write_bytes(film.read_bytes()[:100])
        self.run_tool("verify", film, status=6)

    def test_only_an_mp4_is_in_fragments(self):
        self.render("--to", "1", "-o", self.out, "--fragmented")
        self.assertIn(b"moof", self.out.read_bytes())
        self.assertIn("only an MP4 is in fragments", self.render("-o", self.dir / "a.mkv", "--fragmented", status=2))


class WebmTest(FilmCase):
    @unittest.skipUnless(installed("vp9enc"), "without vp9enc")
    def test_webm_takes_what_it_can_hold(self):
        film = self.dir / "out.webm"
        self.render("--to", "2", "-o", film, "--verify", "full")
        found = recording.streams(film)
        self.assertEqual((found["video"]["codec_name"], found["audio"]["codec_name"]), ("vp9", "opus"))
        self.assertEqual(found["video"]["nb_read_frames"], "50")
        self.assertEqual(recording.samples(film), 2 * 48000)
        self.assertEqual(played(film, "matroskademux"), 2 * 48000)
        self.run_tool("verify", film, "--job", self.job, "--to", "2")

    @unittest.skipUnless(installed("vp9enc"), "without vp9enc")
    def test_a_further_webm_decides_for_all(self):
        self.outputs({"path": "out.mp4"}, {"path": "out.webm"})
        self.render("--to", "1")
        found = recording.streams(self.out)
        self.assertEqual((found["video"]["codec_name"], found["audio"]["codec_name"]), ("vp9", "opus"))

    def test_contradictions_name_place_and_cure(self):
        film = self.dir / "out.webm"
        self.assertRegex(self.render("-o", film, "--encoder", "x264", status=2), "--encoder: the encoder x264 makes h264.*name the film .mkv")
        self.outputs({"path": "out.mp4", "encoder": "x264"}, {"path": "out.webm"})
        self.assertRegex(self.render(status=3), "job.json:/outputs/0/encoder: .*out.webm.* is WebM.*take vp9")
        self.outputs({"path": "out.webm"}, codec="aac")
        self.assertIn("job.json:/audio/codec: \"out.webm\" is WebM, which holds Opus only", self.render(status=3))
        self.outputs({"path": "out.mp4"}, codec="flac")
        self.assertRegex(self.render("-o", film, status=2), "holds Opus only.*name the film .*out.mkv")
        self.assertFalse(film.exists())


PAGE = """<body><script>
async function look(name) {
  const video = document.createElement("video");
  document.body.append(video);
  const seen = await new Promise((done) => {
    video.onerror = () => done({error: video.error.message});
    video.onseeked = () => done({duration: video.duration, width: video.videoWidth, at: video.currentTime, ready: video.readyState});
    video.onloadeddata = () => { video.currentTime = 1.5; };
    video.src = name;
  });
  return [name, seen];
}
Promise.all(NAMES.map(look)).then((all) => { window.seen = JSON.stringify(Object.fromEntries(all)); });
</script>"""


@unittest.skipIf(browser.missing(), browser.missing())
class BrowserTest(FilmCase):
    @unittest.skipUnless(installed("vp9enc"), "without vp9enc")
    def test_a_browser_enters_them_anywhere(self):
        names = ["out.webm", "vp9.mp4", "parts.mp4"]
        self.outputs({"path": names[0]}, {"path": names[1]}, {"path": names[2], "fragmented": True})
        self.render("--to", "2")
        (self.dir / "page.html").write_text(PAGE.replace("NAMES", json.dumps(names)))
        chromium = browser.Browser()
        self.addCleanup(chromium.close)
        chromium.open((self.dir / "page.html").as_uri())
        seen = json.loads(chromium.until("return window.seen"))
        for name in names:
            self.assertNotIn("error", seen[name], name)
            self.assertAlmostEqual(seen[name]["duration"], 2, delta=0.05, msg=name)
            self.assertEqual((seen[name]["width"], seen[name]["at"]), (160, 1.5), name)
            self.assertGreaterEqual(seen[name]["ready"], 2, name)


if __name__ == "__main__":
    unittest.main()
