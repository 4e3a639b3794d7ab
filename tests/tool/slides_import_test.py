# SPDX-License-Identifier: LGPL-2.1-or-later
"""Slides and voices, from their folder to the film.  Usage: slides_import_test.py ROSTRUM [unittest options]"""
import json
import os
import shutil
import signal
import subprocess
import unittest
import zipfile

from coloured import CYAN, RED, YELLOW, make_film, make_pdf, make_tone
from media_folder_case import ROSTRUM, MediaFolderCase

MIDDLE = "iw/16:ih/16:iw/2:ih/2"

OFFICE = """#!/bin/sh
# As soffice: ... --convert-to pdf --outdir DIR DECK
while [ $# -gt 2 ]; do shift; done
pdf=$1/$(basename "${2%%.*}").pdf
[ -r "$2" ] || exit 3
cat "%(secret)s" > "$1/leak" 2> /dev/null && exit 4
echo written 2> /dev/null > "%(elsewhere)s"
mkdir -p "$1/profile/user" || exit 5
cat > "$1/profile/user/deck" <<'END'
%(pdf)s
END
mv "$1/profile/user/deck" "$pdf"
"""


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PARTS = "application/vnd.openxmlformats-officedocument.presentationml"
SPACES = (f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="{RELATIONS}" '
          'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"')


def relations(*targets):
    return f'<Relationships xmlns="{PACKAGE}/relationships">' + "".join(
        f'<Relationship Id="r{i}" Type="{RELATIONS}/{kind}" Target="{target}"/>' for i, (kind, target) in enumerate(targets)
    ) + "</Relationships>"


def make_pptx(path, colours):
    """A presentation (ECMA-376) of plain slides in these colours, RRGGBB."""
    slides = [f"slides/slide{i}.xml" for i in range(len(colours))]
    overrides = "".join(f'<Override PartName="/ppt/{name}" ContentType="{PARTS}.slide+xml"/>' for name in slides)
    ids = "".join(f'<p:sldId id="{256 + i}" r:id="r{i}"/>' for i in range(len(slides)))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", f'''<Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/ppt/presentation.xml" ContentType="{PARTS}.presentation.main+xml"/>{overrides}</Types>''')
        package.writestr("_rels/.rels", relations(("officeDocument", "ppt/presentation.xml")))
        package.writestr("ppt/_rels/presentation.xml.rels", relations(*(("slide", name) for name in slides)))
        package.writestr("ppt/presentation.xml", f"<p:presentation {SPACES}><p:sldIdLst>{ids}</p:sldIdLst>"
                                                 '<p:sldSz cx="12192000" cy="6858000"/></p:presentation>')
        for name, colour in zip(slides, colours):
            package.writestr(f"ppt/{name}", f'''<p:sld {SPACES}><p:cSld><p:bg><p:bgPr><a:solidFill><a:srgbClr val="{colour}"/>
</a:solidFill><a:effectLst/></p:bgPr></p:bg><p:spTree/></p:cSld></p:sld>''')


class SlidesTest(MediaFolderCase):
    def add_deck(self):
        make_pdf(self.dir / "deck.pdf", [RED, YELLOW, CYAN])

    def add_voices(self):
        make_tone(self.dir / "voice 1.wav", 1, 440)
        make_tone(self.dir / "voice 3.wav", 0.8, 880)

    def office(self, script):
        """The environment in which this is LibreOffice."""
        program = self.box / "office/program/soffice"
        program.parent.mkdir(parents=True)
        program.write_text(script)
        program.chmod(0o755)
        return {"PATH": f"{program.parent}:{os.environ['PATH']}"}

    def test_each_slide_stands_as_long_as_its_voice(self):
        self.add_deck()
        self.add_voices()
        before = self.names()
        said = self.render("--draft").stderr
        self.assertIn('"voice 3.wav": the voice of slide 3, from 0:00:06.500', said)
        self.expect_colours(MIDDLE, [(0, RED), (38, YELLOW), (163, CYAN)], 195)
        self.expect_tones([(0, 1, 440), (1, 6.5, None), (6.5, 7.3, 880), (7.3, 7.8, None)])
        self.assertEqual(self.names(), before)
        self.run_tool("verify", self.film, "--job", self.dir)

    def test_pictures_and_times(self):
        for name, colour in (("10.png", "cyan"), ("2.png", "yellow"), ("1.png", "red")):
            make_film(self.dir / name, f"color={colour}:size=640x360", "-frames:v", "1")
        make_tone(self.dir / "talk.wav", 3, 440)
        (self.dir / "times.txt").write_text("0\n1\n2\n2.4, 1\n")
        job = self.box / "job.json"
        self.run_tool("import", "slides", self.dir, "--seconds-per-slide", "0.6", "-o", job)
        clips = json.loads(job.read_text())["tracks"][0]["clips"]
        self.assertEqual([(clip["start"], clip["duration"]) for clip in clips], [(0, 1), (1, 1), (2, 0.4), (2.4, 0.6)])
        self.film = self.box / "job.mp4"
        self.run_tool("render", job, "--draft", "--progress", "none")
        self.expect_colours(MIDDLE, [(0, RED), (25, YELLOW), (50, CYAN), (60, RED)], 75)
        self.expect_tones([(0, 3, 440)])
        times = self.box / "other"
        times.write_text("0\n1\n2\n3\n1\n")
        wrong = self.run_tool("import", "slides", self.dir, "--slide-times", times, status=3).stderr
        self.assertIn("/other:4: there is no slide 4, there are 3", wrong)
        self.assertIn("/other:5: this time is not after", wrong)

    def test_a_presentation_becomes_slides_by_libreoffice_which_is_confined(self):
        (self.dir / "talk.pptx").write_text("slides")
        (self.box / "secret").write_text("secret")
        deck = self.box / "talk.pdf"
        make_pdf(deck, [YELLOW])
        env = self.office(OFFICE % {"secret": self.box / "secret", "elsewhere": self.box / "elsewhere",
                                    "pdf": deck.read_text()})
        self.assertIn("LibreOffice makes a PDF", self.render("--draft", env=env).stderr)
        self.expect_colours(MIDDLE, [(0, YELLOW)], 125)
        self.assertEqual(self.names(), ["talk.pptx", "talk.slides", "talk.slides/talk.pdf"])
        self.assertFalse((self.box / "elsewhere").exists())
        # It is not made again, until the presentation changes.
        self.assertNotIn("LibreOffice", self.run_tool("plan", self.dir, env=env).stderr)
        os.utime(self.dir / "talk.pptx", (2 ** 32, 2 ** 32))
        self.assertIn("LibreOffice makes a PDF", self.run_tool("plan", self.dir, env=env).stderr)

    @unittest.skipUnless(shutil.which("soffice"), "LibreOffice is not installed")
    def test_the_real_libreoffice_works_in_there(self):
        make_pptx(self.dir / "talk.pptx", ["FF0000", "FFFF00"])
        self.render("--draft")
        self.expect_colours(MIDDLE, [(0, RED), (125, YELLOW)], 250)
        self.assertEqual(self.names(), ["talk.pptx", "talk.slides", "talk.slides/talk.pdf"])

    def test_without_libreoffice_a_presentation_is_refused_unless_there_is_its_pdf(self):
        (self.dir / "deck.pptx").write_text("slides")
        self.assertIn("libreoffice-impress", self.render(status=4, env={"PATH": str(self.box)}).stderr)
        self.add_deck()
        self.assertIn("3 scenes", self.run_tool("plan", self.dir).stdout)

    def test_libreoffice_that_fails_or_hangs_leaves_nothing(self):
        (self.dir / "deck.pptx").write_text("slides")
        self.assertIn("makes no PDF of it", self.render(status=5, env=self.office("#!/bin/sh\nexit 1\n")).stderr)
        (self.box / "office/program/soffice").write_text("#!/bin/sh\necho $$ > \"$HOME/started\"\nexec tail -f /dev/null\n")
        tool = subprocess.Popen([ROSTRUM, "plan", str(self.dir)], stderr=subprocess.PIPE, text=True,
                                env={**os.environ, "PATH": f"{self.box}/office/program:{os.environ['PATH']}"})
        while "LibreOffice makes" not in tool.stderr.readline():
            pass
        tool.send_signal(signal.SIGINT)
        tool.communicate()
        self.assertEqual(tool.returncode, 130)
        self.assertFalse(self.film.exists())
        self.assertEqual([name for name in self.names() if name.endswith(".pdf")], [])

    def test_what_is_not_clear_is_refused(self):
        make_film(self.dir / "cover.png", "color=red:size=64x64", "-frames:v", "1")
        make_tone(self.dir / "anna.wav", 1, 440)
        make_tone(self.dir / "boris.wav", 1, 880)
        self.assertIn("`rostrum import slides` or", self.render(status=2).stderr)
        self.run_tool("import", "folder", self.dir)


if __name__ == "__main__":
    unittest.main()
