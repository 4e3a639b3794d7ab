# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long the preview page's film and pictures take to begin: preview.py ROSTRUM JOB [--seeks N] [--seed S]"""
import argparse
import random
import statistics
import subprocess
import time
import urllib.request


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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rostrum")
    parser.add_argument("job")
    parser.add_argument("--seeks", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun = time.monotonic()
    server = subprocess.Popen([options.rostrum, "preview", options.job, "--web"], stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        print(f"page served after {time.monotonic() - begun:.2f} s")
        import json
        data = json.load(urllib.request.urlopen(url + "data"))
        last = int((data["to"] - 10) * data["rate"])
        chance = random.Random(options.seed)
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
