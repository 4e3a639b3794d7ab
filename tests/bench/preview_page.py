# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long the preview page takes to begin, and its film and single pictures after a seek.

Usage: preview_page.py SOURCE_ROOT TOOL FOLDER [--seconds S] [--people N] [--seeks N] [--job JOB]

Of a recording of hours that repeats one of two minutes, as in preview.py, or of JOB."""
import json
import random
import statistics
import subprocess
import time
import urllib.request

import arguments
import recording
import scale

SHORT = 120  # s


def first_part(url):
    """Seconds to the first moving pictures (a fragment with its picture is some kilobytes)."""
    begun = time.monotonic()
    with urllib.request.urlopen(url, timeout=60) as answer:
        kinds = b""
        while kinds.count(b"moof") < 2 and (part := answer.read1(1 << 16)):
            kinds += part
    return time.monotonic() - begun


def whole(url):
    begun = time.monotonic()
    with urllib.request.urlopen(url, timeout=60) as answer:
        answer.read()
    return time.monotonic() - begun


def long_job(options):
    options.folder.mkdir(parents=True, exist_ok=True)
    short = recording.make(options.source_root.resolve(), options.folder.resolve(), SHORT, options.people)
    return scale.repeat(short, options.seconds)[0]


def main():
    parser = arguments.parser(__doc__)
    parser.add_argument("--seconds", type=int, default=10800)
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--seeks", type=int, default=30)
    parser.add_argument("--job")
    options = parser.parse_args()
    job = options.job or long_job(options)
    begun = time.monotonic()
    server = subprocess.Popen([options.tool, "preview", str(job), "--web"], stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        print(f"page served after {time.monotonic() - begun:.2f} s")
        data = json.load(urllib.request.urlopen(url + "data"))
        last = int((data["to"] - 10) * data["rate"])
        chance = random.Random(1)
        frames = [chance.randrange(last) for _ in range(options.seeks)]
        print(f"first film: {first_part(f'{url}film?frame=0'):.2f} s")
        for name, measure in (("film", first_part), ("picture", whole), ("picture", whole)):
            taken = sorted(measure(f"{url}{name}?frame={frame}") for frame in frames)
            print(f"{name}: median {statistics.median(taken) * 1000:.0f} ms, "
                  f"of ten nine within {taken[int(len(taken) * 0.9)] * 1000:.0f} ms")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
