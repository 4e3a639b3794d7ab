#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""From a link to a film, where one direct file is silent and its HLS twin has the sound: mtslink_twin.py SOURCE_ROOT TOOL

A recording that says what it is lies on the servers of the service, all of which are a proxy of the test's own.  The film
must be what the scorer expects.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import shared

PYTHON = "/usr/bin/python3"
HOSTS = ("my.mts-link.ru", "events-storage.webinar.ru", "events-delivery-records.webinar.ru")
DIRECT = "https://events-storage.webinar.ru/api-storage/files/wowza/"
TWIN = "https://events-delivery-records.webinar.ru/record/"
LINK = "https://my.mts-link.ru/12345678/987654321/record-new/777?from=mail"
SECONDS = "60"


def run(*words, **more):
    return subprocess.run([str(word) for word in words], check=True, **more)


def put_twin(server, medium):
    """The medium in segments, as the service has it: a playlist of one rendition, and that one's."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        run("ffmpeg", "-v", "error", "-i", medium, "-c", "copy", "-hls_time", 4, "-hls_playlist_type", "vod",
            folder / "chunklist.m3u8")
        for file in folder.iterdir():
            server.resources[f"{TWIN}{medium.name}/{file.name}"] = fetch_server.Resource(file.read_bytes())
    server.resources[f"{TWIN}{medium.name}/playlist.m3u8"] = fetch_server.Resource(
        b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=500000\nchunklist.m3u8\n")


def silence(medium):
    loud = medium.rename(medium.with_suffix(".loud.mp4"))
    run("ffmpeg", "-v", "error", "-i", loud, "-c:v", "copy", "-af", "volume=0", "-c:a", "aac", medium)


def serve(server, folder):
    """All media, their twins, and the record; returns the name of the medium that is silent."""
    text = (folder / "record.json").read_text(encoding="utf-8").replace(folder.as_uri() + "/", DIRECT)
    server.resources["https://my.mts-link.ru/api/eventsessions/777/record"] = fetch_server.Resource(text.encode())
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    silent = next(s["file"] for s in truth["sessions"] if s["kind"] == "camera" and s["file"].endswith(".mp4"))
    for medium in [file for file in folder.iterdir() if file.suffix != ".json"]:
        if medium.suffix == ".mp4":
            put_twin(server, medium)
        if medium.name == silent:
            silence(medium)
        server.resources[DIRECT + medium.name] = fetch_server.Resource(medium.read_bytes())
    return silent


def main():
    source, tool = pathlib.Path(sys.argv[1]), str(pathlib.Path(sys.argv[2]).resolve())
    check = shared.folder(source, "check")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary).resolve()
        run(PYTHON, check / "make_torture.py", folder / "media", "--seconds", SECONDS, "--seed", 1)
        certificate = fetch_server.certificate(folder / "certificate.pem", *(f"DNS:{host}" for host in HOSTS))
        server = fetch_server.Server(tunnel=certificate)
        try:
            silent = serve(server, folder / "media")
            environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
            environment |= {"https_proxy": server.url(""), "CURL_CA_BUNDLE": str(certificate)}
            done = subprocess.run([tool, "render", LINK, "-o", folder / "film.mp4", "--progress", "none"], cwd=folder,
                                  env=environment, stderr=subprocess.PIPE, text=True)
        finally:
            server.close()
        print(done.stderr)
        if done.returncode:
            return done.returncode
        said = [line for line in done.stderr.splitlines() if "digital silence" in line]
        assert len(said) == 1 and f"{TWIN}{silent}/playlist.m3u8 is taken" in said[0], said
        playlists = {path for path, _ in server.requests if path.endswith("playlist.m3u8")}
        assert playlists == {f"{TWIN}{silent}/playlist.m3u8"}, playlists
        return subprocess.run([PYTHON, check / "score.py", folder / "media" / "truth.json", folder / "film.mp4"]).returncode


if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(sys.argv[1]) / "tests" / "tool"))
    import fetch_server
    sys.exit(main())
