#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A media package of Opencast, from its folder to the film.  Usage: opencast_test.py ROSTRUM [unittest options]"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np

ROSTRUM = os.path.abspath(sys.argv.pop(1))
RATE = 25
PACKAGE = """<?xml version="1.0" encoding="UTF-8"?>
<oc:mediapackage xmlns:oc="http://mediapackage.opencastproject.org" id="1" duration="4000"><oc:title>x</oc:title><oc:media>
<oc:track id="t1" type="presenter/source"><oc:url>presenter/source/cam.mp4</oc:url><oc:duration>4000</oc:duration><oc:video/></oc:track>
<oc:track id="t2" type="presentation/source"><oc:url>vga.mp4</oc:url><oc:duration>4000</oc:duration><oc:video/></oc:track>
</oc:media><oc:metadata>
<oc:catalog type="dublincore/episode"><oc:url>dc.xml</oc:url></oc:catalog>
<oc:catalog type="smil/cutting"><oc:url>{smil}</oc:url></oc:catalog>
</oc:metadata></oc:mediapackage>
"""
DUBLIN_CORE = '<dublincore xmlns:dcterms="x"><dcterms:title>Климат</dcterms:title><dcterms:creator>Anna</dcterms:creator></dublincore>'
SMIL = """<smil xmlns="http://www.w3.org/ns/SMIL"><body>
<par><video clipBegin="1000ms" clipEnd="2000ms" src="cam.mp4"/></par><par><video clipBegin="3000ms" clipEnd="4000ms"/></par></body></smil>"""


def brightness(film, crop):
    """The mean brightness of a part of each frame."""
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", str(film), "-an", "-vf", f"{crop},scale=1:1:flags=area",
                          "-pix_fmt", "gray", "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).astype(int)


class OpencastTest(unittest.TestCase):
    def setUp(self):
        box = tempfile.TemporaryDirectory()
        self.addCleanup(box.cleanup)
        self.dir = pathlib.Path(box.name).resolve() / "package"
        (self.dir / "presenter/source").mkdir(parents=True)
        # each second has its own grey: 40, 80, 120, 160
        for name, size in (("presenter/source/cam.mp4", "320x180"), ("vga.mp4", "640x480")):
            subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i",
                            f"color=black:size={size}:rate={RATE}:duration=4,geq=lum='40+40*floor(T)':cb=128:cr=128",
                            "-c:v", "libx264", str(self.dir / name)], check=True)
        (self.dir / "dc.xml").write_text(DUBLIN_CORE)
        (self.dir / "cut.smil").write_text(SMIL)
        self.write("cut.smil")

    def write(self, smil):
        (self.dir / "manifest.xml").write_text(PACKAGE.format(smil=smil))

    def run_tool(self, *words, status=0):
        done = subprocess.run([ROSTRUM, *map(str, words)], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def test_the_film_is_what_the_editor_left(self):
        film = self.dir.parent / "out.mp4"
        done = self.run_tool("render", self.dir, "-o", film, "--draft", "--progress", "none")
        self.assertIn("2 parts", done.stderr)
        for crop in ("crop=iw/8:ih/8:iw*3/8:ih/2", "crop=iw/16:ih/16:iw*7/8:ih/16"):  # the stage, the camera
            grey = brightness(film, crop)
            self.assertEqual(len(grey), 2 * RATE)
            self.assertLess(np.abs(grey[:RATE] - grey[0]).max(), 8)
            self.assertAlmostEqual(grey[RATE + 2] - grey[2], 2 * 40 * 255 / 219, delta=8)  # full range in gray

    def test_the_manifest_says_it(self):
        done = self.run_tool("import", "opencast", self.dir)
        manifest = json.loads(done.stdout)
        self.assertEqual(manifest["title"], "Климат")
        self.assertEqual([person["name"] for person in manifest["people"]], ["Anna"])
        self.assertEqual([[clip["in"] for clip in track["clips"]] for track in manifest["tracks"]], [[1, 3], [1, 3]])

    def test_catalogs_outside_the_folder_are_not_read(self):
        (self.dir.parent / "secret.smil").write_text(SMIL)
        (self.dir / "link.smil").symlink_to(self.dir.parent / "secret.smil")
        for smil in ("../secret.smil", str(self.dir.parent / "secret.smil"), "link.smil"):
            self.write(smil)
            done = self.run_tool("import", "opencast", self.dir / "manifest.xml")
            self.assertIn("smil/cutting: the file cannot be read; it is not used", done.stderr)
            self.assertEqual(json.loads(done.stdout)["duration"], 4)

    def test_what_is_no_package_is_refused(self):
        (self.dir / "manifest.xml").write_text("<recording/>")
        self.assertIn("no <mediapackage>", self.run_tool("import", "opencast", self.dir, status=3).stderr)


if __name__ == "__main__":
    unittest.main()
