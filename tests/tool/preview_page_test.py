# SPDX-License-Identifier: LGPL-2.1-or-later
"""The preview page in a browser, which is asked what it shows.  Usage: preview_page_test.py ROSTRUM [unittest options]"""
import json
import os
import random
import signal
import subprocess
import sys
import unittest

import browser
import long_meeting
import numbered
from preview_case import FRAMES, RATE, SLIDES, PreviewCase

PreviewCase.rostrum = os.path.abspath(sys.argv.pop(1))

READY = "const v = document.getElementById('video'); return v.readyState >= 2 && !v.seeking && document.getElementById('waiting').hidden"
TIME = "return document.getElementById('time').textContent"
BOX = "const b = document.getElementById(arguments[0]).getBoundingClientRect(); return [b.x, b.y, b.width, b.height]"


def clock(frame):
    seconds, rest = divmod(frame * 1000 // RATE, 1000)
    return f"0:00:{seconds:02}.{rest:03}"


@unittest.skipIf(browser.missing(), browser.missing())
class PreviewPageTest(PreviewCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = browser.Browser()
        cls.addClassCleanup(cls.browser.close)

    def open(self, *words):
        server = self.serve(*words)
        self.browser.open(server.url)
        self.browser.until(READY)
        return server

    def number_shown(self):
        """In a screenshot, where the film is."""
        x, y, width, height = (round(v) for v in self.browser.run(BOX, "video"))
        raw = subprocess.run(["ffmpeg", "-v", "error", "-f", "image2pipe", "-i", "-", "-vf",
                              f"crop={width}:{height}:{x}:{y},scale={numbered.WIDTH}:{numbered.HEIGHT}:flags=area", "-pix_fmt", "gray",
                              "-f", "rawvideo", "-"], input=self.browser.screenshot(), capture_output=True, check=True).stdout
        return numbered.number_of(raw)

    def expect(self, frame):
        self.browser.until(TIME + " === arguments[0]", clock(frame))
        self.browser.until(READY)
        if frame >= SLIDES:
            self.assertEqual(self.number_shown(), frame - SLIDES)

    def click_at(self, frame):
        """On the timeline; returns the frame that stands there."""
        x, y, *_ = self.browser.run(BOX, "timeline")
        names, width = 130, self.browser.run("return document.getElementById('timeline').clientWidth") - 4
        at = round(x + names + (width - names) * (frame + 0.5) / FRAMES)
        self.browser.click(at, y + 12)
        return int((at - self.browser.run("return document.getElementById('rows').getBoundingClientRect().left") - names) / (width - names) * FRAMES)

    def test_seeks_show_the_right_frame(self):
        self.open()
        self.expect(0)
        chance = random.Random(7)
        for _ in range(6):
            self.expect(self.click_at(chance.randrange(SLIDES, FRAMES)))
        self.click_at(200)
        self.browser.until(READY)
        frame = round(float(self.browser.run("return document.getElementById('timeline').ariaValueNow || "
                                             "document.getElementById('timeline').getAttribute('aria-valuenow')")) * RATE)
        for key, step in (("right", 5 * RATE), (".", 1), (".", 1), (",", -1), ("left", -5 * RATE)):
            self.browser.press(key)
            frame += step
            self.expect(frame)
        for key, there in (("home", 0), ("page down", 2 * RATE), ("page down", SLIDES), ("page up", 2 * RATE), ("end", FRAMES - 1)):
            self.browser.press(key)
            self.expect(there)

    def test_it_plays_with_sound_to_the_end(self):
        self.open()
        self.click_at(FRAMES - 3 * RATE)
        self.browser.until(READY)
        self.browser.press(" ")
        self.browser.until("return document.getElementById('video').ended", seconds=20)
        self.assertEqual(self.number_shown(), FRAMES - 1 - SLIDES)
        self.assertEqual(self.browser.run("const q = document.getElementById('video').getVideoPlaybackQuality();"
                                          "return q.corruptedVideoFrames"), 0)
        self.assertGreater(self.browser.run("return document.getElementById('video').webkitAudioDecodedByteCount"), 1000)
        self.browser.press(" ")  # from the beginning
        self.browser.until("const v = document.getElementById('video'); return !v.paused && v.currentTime > 0.2 && v.currentTime < 8")

    def test_the_speed_stays(self):
        self.open()
        self.browser.press("]", "]")
        self.click_at(SLIDES + 100)
        self.expect(round(float(self.browser.run("return document.getElementById('timeline').getAttribute('aria-valuenow')")) * RATE))
        self.assertEqual(self.browser.run("return [document.getElementById('video').playbackRate, document.getElementById('speed').value]"), [2, "2"])

    def test_the_timeline_is_the_plan(self):
        server = self.open()
        data = json.loads(server.get("data"))
        names = self.browser.run("return [...document.querySelectorAll('#rows > text > title')].map(t => t.textContent)")
        self.assertEqual(names, ["Anna <Reed>", "screen", "slides", "scenes", "chunks"])
        bars = self.browser.run("return [...document.querySelectorAll('#rows > rect')].map(r => [r.getAttribute('class'), r.textContent])")
        self.assertEqual([kind for kind, _ in bars], ["slide", "slide", "scene", "scene odd", "scene", "chunk waiting", "composed", "chunk waiting", "copied"])
        self.assertIn("copied, from numbers", bars[-1][1])
        self.assertEqual(self.browser.run("return document.querySelectorAll('#slides button').length"), len(data["slides"]))
        self.browser.until("return [...document.querySelectorAll('#slides img')].every(i => i.complete && i.naturalWidth > 0)")
        self.assertEqual(self.browser.run("return document.title"), "Numbers – rostrum")
        self.click_at(SLIDES + 5)
        self.browser.until("return document.getElementById('why').textContent.includes('numbers')")

    def test_every_control_has_a_name(self):
        self.open()
        nameless = self.browser.run("""return [...document.querySelectorAll('button, select, input, video, [role=slider]')].filter(e =>
            !(e.getAttribute('aria-label') || e.closest('label') || e.textContent.trim())).map(e => e.outerHTML)""")
        self.assertEqual(nameless, [])

    def test_nothing_is_loaded_from_elsewhere(self):
        server = self.open()
        loaded = self.browser.run("return performance.getEntriesByType('resource').map(e => e.name)")
        self.assertTrue(loaded)
        for name in loaded:
            self.assertTrue(name.startswith((server.url, "blob:", "data:")), name)

    def test_edits_and_problems_show(self):
        self.open()
        self.edit(lambda job: job.update(title="Edited"))
        self.browser.until("return document.getElementById('title').textContent === 'Edited'", seconds=10)
        self.edit(lambda job: job["tracks"][1]["clips"][0].update(asset="gone"))
        self.browser.until("return document.getElementById('problem').textContent.includes('/tracks/1/clips/0')", seconds=10)
        self.expect(0)
        self.edit(lambda job: job["tracks"][1]["clips"][0].update(asset="numbers"))
        self.browser.until("return document.getElementById('problem').hidden", seconds=10)

    def test_the_chunks_of_a_render_fill_up(self):
        self.job = long_meeting.make(self.dir)
        self.open()
        render = subprocess.Popen([self.rostrum, "render", str(self.job), "--keep", "--jobs", "1", "--progress", "none"])
        classes = "[...document.querySelectorAll('#rows > rect.chunk')].map(r => r.classList[1])"
        self.browser.until(f"const c = {classes}; return c.includes('working') || c.includes('done')", seconds=60)
        self.browser.until(f"const c = {classes}; return c.includes('done') && c.some(k => k !== 'done')", seconds=60)
        self.assertIn("Rendering: ", self.browser.run("return document.getElementById('render').textContent"))
        self.assertEqual(render.wait(120), 0)
        self.browser.until(f"return {classes}.every(k => k === 'done')", seconds=10)

    def test_a_server_that_ends_is_missed(self):
        server = self.open()
        server.end(signal.SIGINT)
        self.browser.until("return document.getElementById('connection').textContent !== ''")


if __name__ == "__main__":
    unittest.main()
