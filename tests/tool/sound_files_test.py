# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files of sound alone, stems, and sound that is copied.  Usage: sound_files_test.py ROSTRUM [unittest options]"""
import hashlib
import json
import os
import re
import subprocess
import sys

import numpy

import meeting_case
import recording

ROSTRUM = sys.argv.pop(1)
RATE = 48000


def run(*words):
    return subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL)


def decoded(path, *before):
    """What ffmpeg decodes, an array of frames; and it has nothing to remark."""
    channels = recording.streams(path)["audio"]["channels"]
    done = subprocess.run(["ffmpeg", "-nostdin", "-v", "warning", *before, "-i", str(path), "-vn", "-f", "f64le", "-"], check=True,
                          capture_output=True)
    assert done.stderr == b"", done.stderr
    return numpy.frombuffer(done.stdout, "<f8").reshape(-1, channels)


def played(path):
    """The samples that GStreamer plays."""
    raw = path.with_suffix(".raw")
    subprocess.run(["gst-launch-1.0", "-q", *f"filesrc location={path} ! decodebin expose-all-streams=false"
                    f" caps=audio/x-raw ! audioconvert ! audio/x-raw,format=S16LE ! filesink location={raw}".split()],
                   check=True, stdin=subprocess.DEVNULL, timeout=60)
    return raw.stat().st_size // 2 // recording.streams(path)["audio"]["channels"]


def packets(path):
    out = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "a", "-show_packets", "-show_data_hash", "md5",
                          "-of", "json", str(path)], check=True, capture_output=True, text=True).stdout
    return [p["data_hash"] for p in json.loads(out)["packets"]]


def quiet_voice(path):
    """A picture with a sound that no limiter touches, and that no decoder makes up by chance: AAC of a tone."""
    recording.launch(f"mp4mux name=m ! filesink location={path}",
                     "videotestsrc num-buffers=175 ! video/x-raw,width=160,height=90,framerate=25/1 !",
                     "x264enc speed-preset=ultrafast ! m.",
                     "audiotestsrc freq=330 volume=0.1 samplesperbuffer=960 num-buffers=350 !",
                     "audio/x-raw,rate=48000,channels=1 ! avenc_aac ! aacparse ! m.")


class SoundTest(meeting_case.MeetingCase):
    def render(self, *words, status=0):
        done = run("render", self.job, "--progress", "none", *words)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def report(self, name):
        return json.loads((self.dir / f"{name}.report.json").read_text())

    def audio(self, **options):
        self.edit(lambda job: job.setdefault("audio", {}).update(options))

    def test_sound_alone_is_exact_in_every_container(self):
        for name, codec in (("a.m4a", "aac"), ("b.opus", "opus"), ("c.ogg", "opus"), ("d.flac", "flac")):
            out = self.dir / name
            self.render("--audio-only", "-o", out)
            found = recording.streams(out)
            self.assertEqual([s["codec_name"] for s in found.values()], [codec], name)
            count = len(decoded(out))
            if codec == "aac":  # ffmpeg plays the last packet whole
                self.assertEqual(count, -(-int(6.4 * RATE) // 1024) * 1024)
            else:
                self.assertEqual(count, 6.4 * RATE, name)
            self.assertEqual(played(out), 6.4 * RATE, name)
            if codec == "aac":
                continue  # it warns of the text track of chapters
            probe = subprocess.run(["ffprobe", "-v", "warning", str(out)], capture_output=True, text=True)
            self.assertEqual(probe.stderr, "")
            self.assertEqual(self.report(out.stem)["sound"]["codec"], codec)
            self.assertEqual(run("verify", out, "--job", self.job).returncode, 0)

    def test_a_part_of_it(self):
        whole, part = self.dir / "whole.flac", self.dir / "part.flac"
        self.render("--audio-only", "-o", whole)
        self.render("--audio-only", "-o", part, "--from", "1.2", "--to", "4.4")
        found, wanted = decoded(part), decoded(whole)[int(1.2 * RATE):int(4.4 * RATE)]
        self.assertEqual(len(found), len(wanted))
        heard = slice(RATE // 2, None)  # the limiter does not know what was before
        self.assertLess(numpy.abs(found - wanted)[heard].max(), 1e-4)

    def test_flac_has_the_sum_of_its_samples(self):
        out = self.dir / "x.flac"
        self.render("--audio-only", "-o", out)
        raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(out), "-f", "s24le", "-"], check=True,
                             capture_output=True).stdout
        self.assertEqual(out.read_bytes()[26:42].hex(), hashlib.md5(raw).hexdigest())

    def test_names_say_the_codec_and_must_not_lie(self):
        self.render("--audio-only")
        self.assertEqual(recording.streams(self.dir / "job.m4a")["audio"]["codec_name"], "aac")
        self.audio(codec="flac")
        self.render("--audio-only")
        self.assertEqual(recording.streams(self.dir / "job.flac")["audio"]["codec_name"], "flac")
        wrong = self.render("--audio-only", "-o", self.dir / "x.opus", status=2)
        self.assertIn("x.flac", wrong.stderr)
        wrong = self.render("--audio-only", "-o", self.dir / "x.wav", status=2)
        self.assertIn("sound alone goes into .m4a (or .mp4), .opus (or .ogg) or .flac", wrong.stderr)
        wrong = self.render("-o", self.dir / "x.flac", status=2)
        self.assertIn("--audio-only", wrong.stderr)
        self.edit(lambda job: job.update(output={"path": "x.opus"}))
        wrong = self.render("--audio-only", status=3)
        self.assertIn("job.json:/output/path", wrong.stderr)

    def test_a_film_holds_every_codec(self):
        for codec in ("aac", "opus", "flac"):
            self.audio(codec=codec, channels=1)
            self.render("-o", self.out, "--draft", "--overwrite", "--verify", "full")
            found = recording.streams(self.out)
            self.assertEqual((found["audio"]["codec_name"], found["audio"]["channels"]), (codec, 1))
            self.assertLess(abs(len(decoded(self.out)) - 6.4 * RATE), 1024)

    def test_no_picture_is_encoded_or_missed(self):
        (self.dir / "slide.png").unlink()
        done = self.render("--audio-only", "-o", self.dir / "x.opus")
        self.assertNotIn("slide.png", done.stderr)
        self.assertEqual(self.report("x")["substitutions"], [])
        self.assertNotIn("encoder", self.report("x"))
        self.assertIsNone(self.report("x")["verify"]["video"])

    def test_finished_units_are_used_again(self):
        out = self.dir / "x.opus"
        self.render("--audio-only", "-o", out, "--keep")
        self.render("--audio-only", "-o", out, "--keep", "--overwrite")
        self.assertEqual(self.report("x")["chunks"]["rendered"], 0)

    def test_stems_add_up_to_the_mix(self):
        def change(job):
            job["people"][1]["name"] = "../boris"
            job["audio"] = {"codec": "flac"}
            job["output"] = {"stems": True}
            job["tracks"][0]["gain"] = -15
            job["tracks"][1]["gain"] = -18
        self.edit(change)
        out = self.dir / "mix.flac"
        self.render("--audio-only", "-o", out)
        self.assertEqual([s["path"] for s in self.report("mix")["stems"]],
                         [str(self.dir / "mix.Anna.flac"), str(self.dir / "mix._._boris.flac")])
        mix = decoded(out)
        anna, boris = (decoded(s["path"]) for s in self.report("mix")["stems"])
        self.assertEqual((anna.shape, boris.shape), ((len(mix), 1), (len(mix), 1)))
        self.assertLess(numpy.abs(mix - anna - boris).max(), 10 ** (-90 / 20))
        self.assertEqual(numpy.abs(boris[:int(1.4 * RATE)]).max(), 0)
        self.assertGreater(numpy.abs(boris[int(2 * RATE):int(3 * RATE)]).max(), 0.01)
        refused = self.render("--audio-only", "-o", self.dir / "mix.x" / ".." / "mix.flac", status=2)
        self.assertIn("mix", refused.stderr)
        out.unlink()
        self.assertIn("mix.Anna.flac", self.render("--audio-only", "-o", out, status=2).stderr)
        self.assertFalse(out.exists())

    def test_stems_lie_beside_a_film(self):
        self.render("-o", self.out, "--draft", "--stems")
        found = {f.name for f in self.dir.iterdir() if f.name.startswith("out")}
        self.assertEqual(found, {"out.mp4", "out.report.json", "out.Anna.m4a", "out.boris.m4a"})
        self.assertEqual(recording.streams(self.dir / "out.Anna.m4a")["audio"]["channels"], 1)
        self.assertEqual(played(self.dir / "out.boris.m4a"), 6.4 * RATE)

    def test_whoever_is_not_heard_in_the_part_has_no_stem(self):
        self.render("--audio-only", "--stems", "-o", self.dir / "x.flac", "--from", "0", "--to", "1.4")
        self.assertEqual([s["path"] for s in self.report("x")["stems"]], [str(self.dir / "x.Anna.flac")])

    def check_verify(self, name, *words, wrong=None):
        done = run("verify", self.dir / name, "--job", self.job, *words)
        self.assertEqual(done.returncode, 6 if wrong else 0, done.stdout + done.stderr)
        if wrong:
            self.assertIn("WRONG   " + wrong, done.stdout)

    def test_sound_alone_and_stems_are_held_against_the_job(self):
        self.edit(lambda job: job.update(chapters="slides"))
        for name in ("m1.mp4", "m2.m4a", "m3.flac"):
            self.render("--audio-only", "--stems", "-o", self.dir / name)
        self.render("-o", self.out, "--draft")
        self.check_verify("m1.mp4", wrong="there is no picture")
        self.check_verify("m1.mp4", "--audio-only")
        self.check_verify("m2.m4a")
        self.check_verify("m3.flac", "--audio-only")
        self.check_verify("m2.Anna.m4a", wrong="1 channel instead of 2")
        for name in ("m1.Anna.m4a", "m2.boris.m4a", "m3.Anna.flac"):
            self.check_verify(name, "--stem")
        self.check_verify("m2.m4a", "--stem", wrong="2 chapters instead of 0")
        self.check_verify("out.mp4", "--audio-only", wrong="there is a picture where none was to be")
        self.edit(lambda job: job.update(duration=6))
        self.check_verify("m2.Anna.m4a", "--stem", wrong="307200 samples of sound instead of 288000")

    def one_voice(self, medium, **clip):
        def change(job):
            job["duration"] = 6.4
            job["assets"]["anna"]["uri"] = medium
            job["tracks"] = [{"id": "anna", "kind": "camera", "clips": [{"asset": "anna", "start": 0, **clip}]}]
            job["audio"] = {"channels": 1}
        self.edit(change)

    def check_copy(self, medium, **clip):
        self.one_voice(medium, **clip)
        self.render("-o", self.out, "--draft", "--overwrite", "--verify", "full")
        self.assertEqual(self.report("out")["sound"], {"codec": "aac", "channels": 1, "copied": True})
        self.assertEqual(self.report("out")["chunks"], {"rendered": 2, "reused": 0})
        if medium.endswith(".ts"):  # packets without the headers that they have there
            subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(self.dir / medium), "-c", "copy",
                            str(self.dir / "x.mp4")], check=True)
        theirs = packets(self.dir / ("x.mp4" if medium.endswith(".ts") else medium))
        ours = packets(self.out)
        first = theirs.index(ours[1]) - 1
        self.assertEqual(ours, theirs[first:first + len(ours)])
        copied = decoded(self.out)
        self.render("--audio-only", "--no-copy", "-o", self.dir / "mix.flac", "--overwrite")
        mix = decoded(self.dir / "mix.flac")
        self.assertEqual(len(mix), 6.4 * RATE)
        self.assertGreaterEqual(len(copied), len(mix))
        self.assertLess(len(copied), len(mix) + 1024)
        self.assertLess(numpy.abs(copied[:len(mix)] - mix).max(), 10 ** (-90 / 20))
        # GStreamer cuts packets at whole nanoseconds, which a sample seldom is
        self.assertIn(played(self.out), (6.4 * RATE, 6.4 * RATE + 1))

    def test_sound_of_one_medium_is_copied(self):
        quiet_voice(self.dir / "voice.mp4")
        self.check_copy("voice.mp4")

    def test_sound_is_copied_from_anywhere_in_a_medium(self):
        quiet_voice(self.dir / "voice.mp4")
        self.check_copy("voice.mp4", **{"in": 0.3217})

    def test_sound_is_copied_out_of_other_containers(self):
        quiet_voice(self.dir / "voice.mp4")
        for name in ("x.mkv", "x.ts", "x.mov", "primed.mp4"):
            convert = ["-c:a", "aac", "-c:v", "copy"] if name == "primed.mp4" else ["-c", "copy"]
            subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(self.dir / "voice.mp4"), *convert,
                            str(self.dir / name)], check=True)
            with self.subTest(name):
                self.check_copy(name)

    def test_sound_with_a_hole_is_encoded_after_all(self):
        quiet_voice(self.dir / "voice.mp4")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(self.dir / "voice.mp4"), "-c", "copy", "-bsf:a",
                        r"noise=drop=gt(n\,90)*lt(n\,140)", str(self.dir / "hole.mkv")], check=True)
        self.one_voice("hole.mkv")
        done = self.render("-o", self.out, "--draft")
        self.assertIn("there is a hole at 0:00:02.987", done.stderr)
        self.assertNotIn("copied", self.report("out")["sound"])
        heard = decoded(self.out)
        self.assertLess(numpy.abs(heard[int(2.1 * RATE):int(2.9 * RATE)]).max(), 1e-3)

    def test_copying_a_long_sound_takes_no_more_memory(self):
        """Than copying ten seconds of it."""
        recording.launch(f"filesink name=f location={self.dir / 'x.aac'}",
                         "audiotestsrc wave=white-noise samplesperbuffer=1024 num-buffers=940 !",
                         "audio/x-raw,rate=48000,channels=1 ! avenc_aac bitrate=256000 ! aacparse !",
                         "audio/mpeg,stream-format=adts ! f.")
        (self.dir / "x.aac").write_bytes((self.dir / "x.aac").read_bytes() * 200)  # more than an hour
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(self.dir / "x.aac"), "-c", "copy",
                        str(self.dir / "long.mp4")], check=True)
        size = (self.dir / "long.mp4").stat().st_size
        self.assertGreater(size, 100e6)
        self.one_voice("long.mp4")
        self.edit(lambda job: job.update(duration=4000))
        out = self.dir / "long.m4a"

        def most_memory(*more):
            """Of all its processes, in bytes; and what it says."""
            words = [ROSTRUM, "render", self.job, "--audio-only", "-o", out, "--progress", "none", "--verify", "off"]
            render = subprocess.Popen([*words, "--overwrite", *more], stderr=subprocess.PIPE, text=True)
            said = render.stderr.read()
            render.stderr.close()
            _, render.returncode, usage = os.wait4(render.pid, 0)
            self.assertEqual(render.returncode, 0, said)
            self.assertTrue(self.report("long")["sound"]["copied"])
            return usage.ru_maxrss * 1024, said

        least, _ = most_memory("--to", "10")
        most, said = most_memory()
        self.assertLess(most, least + size / 2)
        expected = float(re.search(r"expect about ([0-9.]+) MB in", said)[1])
        self.assertAlmostEqual(expected, out.stat().st_size / 1e6, delta=expected / 20)

    def test_an_hour_of_sound_takes_its_time(self):
        expected = {}
        self.edit(lambda job: job.update(duration=3600))
        for more in ((), ("--stems",)):
            render = subprocess.Popen([ROSTRUM, "render", self.job, "--audio-only", "-o", self.dir / "x.m4a", "--progress",
                                       "none", *more], stderr=subprocess.PIPE, text=True)
            while not (found := re.search(r"expect about .* in ([0-9]+) s", line := render.stderr.readline())):
                self.assertTrue(line, "it ends without a word of it")
            render.terminate()
            render.stderr.read()
            render.stderr.close()
            render.wait()
            expected[more] = int(found[1])
        self.assertGreater(expected[()], 10)
        self.assertGreater(expected["--stems",], expected[()] * 1.5)

    def test_sound_that_begins_later_than_its_clip_is_planned_as_encoded(self):
        quiet_voice(self.dir / "voice.mp4")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(self.dir / "voice.mp4"), "-itsoffset", "0.08", "-i",
                        str(self.dir / "voice.mp4"), "-map", "0:v", "-map", "1:a", "-c", "copy", str(self.dir / "late.mp4")],
                       check=True)
        self.one_voice("late.mp4")
        plan = json.loads(run("plan", self.job, "--json").stdout)
        self.assertEqual(plan["sound"]["encoded-because"], "its medium's sound begins later than its clip")
        done = self.render("-o", self.out, "--draft")
        self.assertNotIn("warning", done.stderr)
        self.assertNotIn("copied", self.report("out")["sound"])

    def test_what_is_changed_is_encoded(self):
        self.one_voice("anna.mp4")
        plan = json.loads(run("plan", self.job, "--json").stdout)
        self.assertEqual(plan["sound"], {"codec": "aac", "channels": 1, "copied": True})
        self.assertIn("sound is copied", run("plan", self.job, "--explain", "1").stdout)
        self.edit(lambda job: job["tracks"][0].update(gain=-1))
        plan = json.loads(run("plan", self.job, "--json").stdout)
        self.assertEqual(plan["sound"]["encoded-because"], "it has a gain or a pan")
        self.render("-o", self.out, "--draft")
        self.assertNotIn("copied", self.report("out")["sound"])


if __name__ == "__main__":
    import unittest
    unittest.main()
