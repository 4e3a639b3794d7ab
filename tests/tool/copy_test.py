# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pictures that are copied: every frame of the film is the one that was planned, by its number and, where it was copied, by
its hash.  Usage: copy_test.py ROSTRUM [--cuts N] [unittest options]; N clips are cut at random, in one film."""
import base64
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

import browser
import numbered

ROSTRUM = sys.argv.pop(1)
CUTS = int(sys.argv.pop(1)) if sys.argv[1:2] == ["--cuts"] and sys.argv.pop(1) else 6
LENGTH = 300  # pictures of each medium


def run(*words):
    return subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL)


class CopyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.dir = pathlib.Path(cls.folder.name)
        cls.frames = {}
        for first, (name, coding) in enumerate(numbered.CODINGS.items()):
            numbered.make(cls.dir / f"{name}.mp4", first * 1000, LENGTH, coding)
        # begins inside a group, by its edit list
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-ss", "1.32", "-i", str(cls.dir / "closed.mp4"), "-c", "copy",
                        str(cls.dir / "edited.mp4")], check=True)
        for name in (*numbered.CODINGS, "edited"):
            cls.frames[name] = numbered.by_ffmpeg(cls.dir / f"{name}.mp4")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def job(self, clips):
        """A job of clips (medium, first picture, number of pictures) one after the other, and the frames that it shows."""
        at, planned, shown = 0, [], []
        for name, first, count in clips:
            planned.append({"asset": name, "start": at / 25, "in": first / 25, "duration": count / 25})
            shown += self.frames[name][first:first + count]
            at += count
        path = self.dir / "job.json"
        path.write_text(json.dumps({
            "rostrum": 1, "duration": at / 25, "canvas": {"size": f"{numbered.WIDTH}x{numbered.HEIGHT}", "rate": "25/1"},
            "assets": {name: {"uri": f"{name}.mp4"} for name in sorted({clip[0] for clip in clips})},
            "tracks": [{"id": "screen", "kind": "screen", "clips": planned}]}))
        return path, shown

    def render(self, job, *words, status=0):
        film = self.dir / "film.mp4"
        done = run("render", job, "-o", film, "--overwrite", "--progress", "none", *words)
        self.assertEqual(done.returncode, status, done.stderr)
        return film

    def report(self):
        return json.loads((self.dir / "film.report.json").read_text())

    def chunks(self, job):
        done = run("plan", job, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["chunks"]

    def assert_shows(self, film, shown, chunks=()):
        """By two decoders: the frames' numbers, and of copied chunks the very pictures."""
        for decode in (numbered.by_ffmpeg, numbered.by_gstreamer):
            found = decode(film)
            self.assertEqual([number for number, _ in found], [number for number, _ in shown], decode.__name__)
            for chunk in chunks:
                if "copied" in chunk:
                    first, end = chunk["frames"]
                    self.assertEqual(found[first:end], shown[first:end], chunk)

    def random_clips(self):
        chance = random.Random(20)
        clips = []
        for _ in range(CUTS):
            name = chance.choice([*numbered.CODINGS, "edited"])
            count = chance.randint(80, 180)
            clips.append((name, chance.randint(0, len(self.frames[name]) - count), count))
        return clips

    def test_every_frame_is_the_planned_one_on_both_sides_of_every_join(self):
        job, shown = self.job([("closed", 0, 120), ("open", 0, 150), *self.random_clips()])
        chunks = self.chunks(job)
        copied = sum(end - first for c in chunks if "copied" in c for first, end in [c["frames"]])
        self.assertGreater(copied, len(shown) / 4)
        film = self.render(job)
        self.assertEqual(self.report()["picture"]["copied"], copied / 25)
        self.assert_shows(film, shown, chunks)
        for chunk in chunks:  # and a player that seeks to it finds the parameters there
            first, _ = chunk["frames"]
            found = numbered.by_ffmpeg(film, "-ss", str(first / 25))[:1]
            self.assertEqual(found[0][0], shown[first][0], chunk)

    def test_one_medium_is_copied_whole_and_its_index_says_how_it_is_coded(self):
        job, shown = self.job([("pyramid", 0, LENGTH)])
        film = self.render(job)
        self.assert_shows(film, shown, self.chunks(job))
        self.assertEqual(self.report()["picture"]["copied"], LENGTH / 25)
        self.assertNotIn("encoder", self.report())
        tags = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=codec_tag_string",
                               "-of", "csv=p=0", str(film)], check=True, capture_output=True, text=True).stdout
        self.assertEqual(tags.strip(), "avc1")

    def test_what_small_media_leave_unsaid_of_their_colours_can_be_said(self):
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=size={numbered.WIDTH}x{numbered.HEIGHT}:rate=25",
                        "-t", "4", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", str(self.dir / "unsaid.mp4")], check=True)
        self.frames["unsaid"] = numbered.by_ffmpeg(self.dir / "unsaid.mp4")
        job, shown = self.job([("unsaid", 0, 100), ("closed", 0, 100)])
        said = json.loads(job.read_text())

        def first_chunk(**colors):
            said["assets"]["unsaid"] = {"uri": "unsaid.mp4"} | colors
            job.write_text(json.dumps(said))
            return self.chunks(job)[0]

        for colors in ({}, {"colors": "bt601"}):
            self.assertEqual(first_chunk(**colors)["composed-because"], "its colours are those of BT.601")
        self.assertIn("copied", first_chunk(colors="bt709"))
        self.assert_shows(self.render(job), shown, self.chunks(job))
        said["assets"]["closed"]["colors"] = "bt601"  # which says that it is BT.709
        self.assertIn("copied", first_chunk(colors="bt709"))
        self.assertIn("composed-because", self.chunks(job)[-1])

    def test_no_copy_composes_the_same_frames(self):
        job, shown = self.job([("closed", 20, 100), ("baseline", 33, 100)])
        film = self.render(job, "--no-copy")
        self.assertNotIn("picture", self.report())
        self.assert_shows(film, shown)

    def test_a_film_without_copies_is_held_against_the_job_so(self):
        """A medium's one channel is copied as it is, and else becomes two."""
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(self.dir / "closed.mp4"), "-f", "lavfi", "-i",
                        "sine=frequency=440:sample_rate=48000:duration=12", "-c:v", "copy", "-c:a", "aac", "-shortest",
                        str(self.dir / "sounding.mp4")], check=True)
        self.frames["sounding"] = self.frames["closed"]
        job, _ = self.job([("sounding", 0, 50)])
        film = self.render(job, "--no-copy")
        self.assertEqual(run("verify", film, "--job", job, "--no-copy").returncode, 0)
        self.assertEqual(run("verify", film, "--job", job).returncode, 6)

    def test_the_plan_says_how_each_chunk_is_made_and_why(self):
        job, _ = self.job([("closed", 20, 130), ("open", 30, 100)])
        done = run("plan", job)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('0:00:01.200  copied from "closed"', done.stdout)
        self.assertIn("composed: a group of pictures is cut here", done.stdout)
        self.assertIn("copying saves about", done.stdout)
        told = run("plan", job, "--explain", "2").stdout
        self.assertIn("The film's picture is copied.", told)

    def test_a_broken_picture_is_decoded_and_reported(self):
        healthy = (self.dir / "baseline.mp4").read_bytes()
        middle = len(healthy) // 2
        (self.dir / "hole.mp4").write_bytes(healthy[:middle] + bytes(400) + healthy[middle + 400:])
        self.frames["hole"] = self.frames["baseline"]
        job, shown = self.job([("hole", 0, LENGTH)])
        film = self.render(job)
        found = self.report()["substitutions"]
        self.assertEqual([(s["asset"], s["what"], s["instead"]) for s in found],
                         [("hole", "broken", "what can be decoded of it")])
        self.assertTrue(2 < found[0]["from"] < 10, found)
        self.assertEqual(len(numbered.by_ffmpeg(film)), len(shown))
        self.assertNotIn("picture", self.report())
        self.render(job, "--on-damage", "fail", status=5)

    @unittest.skipIf(browser.missing(), browser.missing())
    def test_a_browser_shows_the_planned_frames_when_it_plays_and_when_it_seeks(self):
        job, shown = self.job([("closed", 0, 110), ("open", 17, 120), ("baseline", 70, 110), ("pyramid", 0, 100)])
        chunks = self.chunks(job)
        self.assertEqual({"copied" in chunk for chunk in chunks}, {True, False}, chunks)
        joins = {chunk["frames"][0] for chunk in chunks} | {110, 230, 340}
        film = self.render(job).read_bytes()
        wanted = sorted({n for join in joins for n in (join - 1, join, join + 1) if n >= 0}, key=lambda n: n * 7919 % 1009)
        (self.dir / "page.html").write_text(f"<body><script>const film = {json.dumps(base64.b64encode(film).decode())};\n"
                                            f"const wanted = {wanted};\n{PAGE}</script>")
        chromium = browser.Browser()
        self.addCleanup(chromium.close)
        chromium.open((self.dir / "page.html").as_uri())
        seen = json.loads(chromium.until("return window.seen", seconds=120))
        self.assertNotIn("error", seen)
        numbers = [number for number, _ in shown]
        self.assertEqual(seen["sought"], [numbers[n] for n in wanted])
        played = [(round(time * 25), number) for time, number in seen["played"]]
        self.assertGreater(len(played), len(numbers) / 8)  # a busy machine shows fewer
        for n, number in played:  # by the time it is read, a busy browser may be at the next
            self.assertIn(number, numbers[n:n + 3], n)


# Plays the film from its beginning to its end and seeks to the middle of each wanted frame; what it shows is read from the cells.
PAGE = f"""
const RATE = {numbered.RATE}, WIDTH = {numbered.WIDTH}, HEIGHT = {numbered.HEIGHT}, CELL = {numbered.CELL}, BITS = {numbered.BITS};
""" + """
const video = document.createElement("video");
const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext("2d", {willReadFrequently: true});
function number() {
  context.drawImage(video, 0, 0);
  let found = 0;
  for (let bit = 0; bit < BITS; bit++)
    if (context.getImageData(bit * CELL + CELL / 2, 30, 1, 1).data[1] > 125) found += 1 << bit;
  return found;
}
const event = (name) => new Promise((done) => video.addEventListener(name, done, {once: true}));
const frame = () => new Promise((done) => video.requestVideoFrameCallback((_, {mediaTime}) => done([mediaTime, number()])));
async function look() {
  video.src = URL.createObjectURL(new Blob([Uint8Array.from(atob(film), (c) => c.charCodeAt(0))], {type: "video/mp4"}));
  document.body.append(video);
  await event("loadeddata");
  video.playbackRate = 2;  // spares the test some seconds
  const played = [], sought = [], ended = event("ended");
  video.play();
  while (!video.ended)
    if (await Promise.race([frame().then((seen) => played.push(seen)), ended.then(() => 0)]) == 0) break;
  for (const n of wanted) {
    const shown = frame();
    video.currentTime = (n + 0.5) / RATE;
    sought.push((await shown)[1]);
  }
  return {played, sought};
}
video.onerror = () => { window.seen = JSON.stringify({error: video.error.message}); };
look().then((all) => { window.seen = JSON.stringify(all); }, (error) => { window.seen = JSON.stringify({error: String(error)}); });
"""


if __name__ == "__main__":
    unittest.main()
