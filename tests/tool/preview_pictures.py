# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pictures of docs/preview.md, from the job of the demo: preview_pictures.py ROSTRUM JOB DIR"""
import pathlib
import subprocess
import sys

from browser import Browser
from preview_case import Server

LOOKS = {"preview.jpg": (1400, 1010, False), "preview-dark.jpg": (1400, 1010, True), "preview-narrow.jpg": (500, 1500, False)}


def main():
    rostrum, job, folder = sys.argv[1:]
    server = Server(rostrum, job)
    for name, (width, height, dark) in LOOKS.items():
        browser = Browser(width, height, dark)
        try:
            browser.open(server.url)
            browser.until("return document.getElementById('video').readyState >= 2")
            for _ in range(5):
                browser.press("right")
            browser.until("return document.getElementById('time').textContent === '0:00:25.000'")
            browser.until("const v = document.getElementById('video'); return v.readyState >= 2 && !v.seeking")
            browser.until("return [...document.querySelectorAll('#slides img')].every(i => i.complete)")
            browser.until("return document.getElementById('why').textContent.startsWith('0:00:25')")
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "image2pipe", "-i", "-", "-q:v", "3", pathlib.Path(folder) / name],
                           input=browser.screenshot(), check=True)
        finally:
            browser.close()
    server.end()


if __name__ == "__main__":
    main()
