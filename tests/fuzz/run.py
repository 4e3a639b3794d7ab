#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs one fuzz target for a while, from a few seeds: run.py TARGET NAME SECONDS CRASHES

An input that breaks it is kept in the folder CRASHES; `TARGET FILE` shows what it does.
"""
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

MOST_BYTES = 8192


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def full_box(kind, *fields):
    return box(kind, struct.pack(f">{len(fields) + 1}I", 0, *fields))


def track(number, handler, timescale, samples, ticks):
    table = box(b"stbl", full_box(b"stsd", 1) [:-4] + struct.pack(">I", 1), full_box(b"stts", 1, samples, ticks),
                full_box(b"stsc", 1, 1, samples, 1), full_box(b"stsz", 10, samples), full_box(b"stco", 1, 48))
    return box(b"trak", box(b"tkhd", struct.pack(">4I", 7, 9, 9, number), bytes(68)),
               box(b"edts", full_box(b"elst", 1, 1000, 0, 0x10000)),
               box(b"mdia", full_box(b"mdhd", 9, 9, timescale, samples * ticks, 0x55c40000),
                   box(b"hdlr", struct.pack(">2I4s", 0, 0, handler), bytes(13)), box(b"minf", table)))


def movie():
    return (box(b"mvhd", struct.pack(">5I", 0, 9, 9, 1000, 3000), bytes(76), struct.pack(">I", 3))
            + track(1, b"vide", 2500, 75, 100) + track(2, b"soun", 48000, 142, 1024))


def fragment():
    return (full_box(b"mfhd", 1)
            + box(b"traf", box(b"tfhd", struct.pack(">2I", 0x20000, 1)), full_box(b"tfdt", 100),
                  box(b"trun", struct.pack(">6I", 0xb01, 1, 8, 100, 10, 0))))


def parts(how, first, rest):
    return bytes([how]) + struct.pack(">H", len(first)) + first + rest


def live_source():
    return [b"rtsp://user:word@[2001:db8::1]:554/1?x=2", b"srt://:9000?mode=listener&passphrase=0123456789&latency=200",
            b"v4l2:///dev/video0", b"test:ball?size=320x180&rate=30&tone=off&talk=0-2,3-4.5&level=-12&fails-after=3"]


def mp4():
    chapters = struct.pack(">IIB", 0x1000000, 0, 1) + struct.pack(">QB", 0, 3) + b"one"
    return [parts(0, b"", movie()), parts(1, movie(), fragment()), parts(2, movie(), movie()),
            parts(3, b"\0\3one", chapters)]


def manifest():
    example = pathlib.Path(__file__).resolve().parents[2] / "data/examples/job.json"  # has every key
    return [json.dumps(json.loads(example.read_text()), separators=(",", ":")).encode(), b'{"rostrum":1}']


def mtslink():
    def event(module, at, data):
        return {"module": module, "relativeTime": at, "data": data}
    stream = {"id": 501, "conference": {"id": 9001}}
    record = {"name": "x", "duration": 100, "eventLogs": [
        event("userlist.online", 0, [{"role": "ADMIN", "user": {"id": 101, "nickname": "A"}}]),
        event("conference.add", 0, {"id": 9001, "user": {"id": 101}, "hasAudio": True, "hasVideo": True}),
        event("conference.update", 50, {"id": 9001, "hasAudio": False}),
        event("mediasession.add", 5, {"id": 1, "url": "https://x/h.mp4", "stream": stream}),
        event("mediasession.add", 9, {"id": 2, "url": "s.mp4", "stream": {"id": 2, "screensharing": {"id": 7}}}),
        event("mediasession.update", 20, {"id": 1, "duration": 20.0}),
        event("presentation.update", 9.5, {"fileReference": {"slide": {"number": 2, "url": "2.jpg"}}})]}
    return [json.dumps(record).encode()]


def bigbluebutton():
    def event(at, kind, /, **values):
        children = "".join(f"<{k}>{v}</{k}>" for k, v in values.items())
        return f'<event timestamp="{1302878840566 + at}" eventname="{kind}">{children}</event>'
    log = "".join([
        event(0, "ParticipantJoinEvent", userId="w_1", name="Anna", role="MODERATOR"),
        event(1, "AssignPresenterEvent", userid="w_1"), event(2, "RecordStatusEvent", status="true"),
        event(3, "StartRecordingEvent", filename="/x/a.wav"), event(9, "StopRecordingEvent", filename="/x/a.wav"),
        event(4, "StartWebRTCShareEvent", filename="/x/q-w_1-5.webm"), event(4, "DeskshareStartedEvent", file="/x/d.flv"),
        event(5, "ParticipantStatusChangeEvent", status="hasStream", userId="w_1", value="true,stream=q-w_1-5"),
        event(5, "SharePresentationEvent", presentationName="deck", share="true"), event(6, "GotoSlideEvent", slide=2),
        event(6, "ParticipantTalkingEvent", participant="w_1", talking="true"),
        event(7, "WebcamsOnlyForModeratorEvent", webcamsOnlyForModerator="true"), event(9000, "EndAndKickAllEvent")])
    files = "audio/a.wav\nvideo/m/q-w_1-5.webm\npresentation/deck/deck.pdf\n"
    return [f"{files}<recording><meeting name='x'/>{log}</recording>".encode(),
            f"audio/x-1302878840569.wav\n<events>{event(0, 'A')}{event(9, 'B')}</events>".encode()]


def journal():
    substitution = {"asset": "a", "clip": "/tracks/0/clips/0", "what": "damaged", "from": 0, "to": 1, "why": "it is missing"}
    entry = {"key": "a" * 64, "file": "chunks/a.mp4", "bytes": 10, "sha256": "b" * 64, "substitutions": [substitution]}
    record = {"index": 0, "file": "c0.mp4", "first-time": 0, "duration": 40000000, "frames": 1, "bytes": 10}
    return [(json.dumps(entry) + "\n").encode(), (json.dumps(record) + "\n").encode(),
            json.dumps(substitution).encode()]


def picture_header():
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x05\0\0\0\x02\xd0"
    jpeg = (b"\xff\xd8\xff\xe1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
            b"\xff\xc0\0\x0b\x08\x01\x02\x03\x04\x01\x01\x11\0")
    webp = [b"RIFF....WEBP" + rest for rest in
            (b"VP8 ....\1\2\3\x9d\x01\x2a\x40\x01\xf0\0", b"VP8L....\x2f\x3f\xc1\x3b\0aaaaaaa",
             b"VP8X....\x10\0\0\0\x3f\x01\0\xef\0\0")]
    return [png, jpeg, *webp, b"<?xml?><!-- --><svg>", b"%PDF-1.7"]


def sound_pages():
    frame = b"\xff\xf8\xc9\x18\0\xc2\0\0\0\0\0\0"
    ogg = bytes([1, 1]) + struct.pack(">H", 3) + b"abc" + struct.pack(">H", 300) + bytes(300) + struct.pack(">H", 0)
    return [ogg + frame, bytes(8) + frame + frame + zlib.compress(b"noise")]


def fetch():
    head = b'HTTP/1.1 206\r\nContent-Range: bytes 10-19/20\r\nContent-Length: 10\r\nETag: "a"\r\nTransfer-Encoding: chunked\r\n\r\n'
    return [b"\0https://my.mts-link.ru:443/j/12/34/record-new/56/record-file/7?x=%20#y", b"\0http://[2001:db8::1]/a.mp4",
            b"\1" + head, b'\2{"error":{"code":403,"message":"no"}}']


def otio():
    def time(value):
        return {"OTIO_SCHEMA": "RationalTime.1", "rate": 25, "value": value}

    def span(start, duration):
        return {"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start), "duration": time(duration)}

    def clip(url, start, duration, **more):
        medium = {"OTIO_SCHEMA": "ExternalReference.1", "target_url": url, "available_range": span(5, 500)}
        return {"OTIO_SCHEMA": "Clip.2", "source_range": span(start, duration), "active_media_reference_key": "A",
                "media_references": {"A": medium}, **more}
    fade = {"OTIO_SCHEMA": "Transition.1", "in_offset": time(2), "out_offset": time(3)}
    ours = {"rostrum": {"clip": {"start": 1, "in": 0, "muted": [[1, 2]]}, "written": [25, 5, 50], "sound": True}}
    tracks = [{"OTIO_SCHEMA": "Track.1", "kind": kind, "children": children, "metadata": {"rostrum": more}}
              for kind, children, more in (
                  ("Video", [{"OTIO_SCHEMA": "Gap.1", "source_range": span(0, 25)}, clip("a.mp4", 5, 50, metadata=ours)],
                   {"track": {"id": "cam", "kind": "camera"}}),
                  ("Audio", [{"OTIO_SCHEMA": "Gap.1", "source_range": span(0, 25)}, clip("a.mp4", 5, 50), fade,
                             clip("b.wav", 9, 9)], {"sound-of": "cam"}))]
    timeline = {"OTIO_SCHEMA": "Timeline.1", "name": "x", "metadata": {"rostrum": {"job": {"rostrum": 1}}},
                "tracks": {"OTIO_SCHEMA": "Stack.1", "children": tracks, "source_range": span(0, 100)}}
    return [json.dumps(timeline).encode(), json.dumps(timeline["tracks"]).encode(), *manifest()]


def opencast():
    track = '<track id="i" type="presenter/{0}"><url>{1}</url><duration>9000</duration><{2}/></track>'
    package = ('<oc:mediapackage xmlns:oc="x" duration="9000"><title>t</title><media>'
               + track.format("source", "a.mp4", "video") + track.format("source+partial", "b.mp4", "audio")
               + '</media><metadata><catalog type="smil/cutting"><url>c</url></catalog>'
               '<catalog type="smil/source+partial"><url>p</url></catalog>'
               '<catalog type="dublincore/episode"><url>d</url></catalog></metadata></oc:mediapackage>')
    cut = '<smil><body><par><video clipBegin="180ms" clipEnd="1.5s"/></par></body></smil>'
    part = '<smil><body><par><seq><audio begin="1ms" dur="00:05" src="b.mp4"/></seq></par></body></smil>'
    core = "<dublincore><dcterms:title>t</dcterms:title><creator>c</creator></dublincore>"
    return ["\0".join([package, cut, part, core]).encode()]


def hls():
    master = (b'\0#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="s",DEFAULT=YES,URI="s.m3u8"\n'
              b'#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=1280x720,AUDIO="s"\nv.m3u8\n')
    media = (b'\0#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-MAP:URI="i",BYTERANGE="9@1"\n'
             b'#EXT-X-KEY:METHOD=AES-128,URI="../k",IV=0x1f\n#EXTINF:2.5,\n#EXT-X-BYTERANGE:9@4\n//b/a.ts\n'
             b'#EXT-X-DISCONTINUITY\n#EXTINF:1,\n#EXT-X-GAP\n/b.ts\n#EXT-X-ENDLIST\n')
    packet = bytes([0x47, 0x41, 0, 0x30, 1, 0]) + b"\0\0\1\xe0\0\0\x80\x80\5\x21\0\1\0\1"
    return [master, media, b"\1" + packet.ljust(188, b"\xff"), b"\2" + box(b"moov", movie()), bytes([3]) + bytes(range(1, 60))]


def matroska():
    def element(name, *body):
        whole = b"".join(body)
        return name + struct.pack(">Q", 1 << 56 | len(whole)) + whole
    atom = element(b"\xb6", element(b"\x91", b"\x01"), element(b"\x80", element(b"\x85", b"one")))
    cue = element(b"\xbb", element(b"\xb3", b"\x05"), element(b"\xb7", element(b"\xf7", b"\x01")))
    segment = (element(b"\x15\x49\xa9\x66", element(b"\x2a\xd7\xb1", b"\x0f\x42\x40"), element(b"\x44\x89", struct.pack(">d", 9))),
               element(b"\x10\x43\xa7\x70", element(b"\x45\xb9", atom)), element(b"\x1c\x53\xbb\x6b", cue),
               element(b"\x1f\x43\xb6\x75"))
    return [element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", b"webm")) + element(b"\x18\x53\x80\x67", *segment)]


SEEDS = {"manifest": manifest, "live_source": live_source, "mtslink": mtslink, "bigbluebutton": bigbluebutton, "journal": journal, "mp4": mp4,
         "picture_header": picture_header, "sound_pages": sound_pages, "fetch": fetch, "otio": otio, "opencast": opencast, "hls": hls,
         "matroska": matroska}


def main():
    target, name, seconds, crashes = sys.argv[1:]
    pathlib.Path(crashes).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(SEEDS[name]()):
            pathlib.Path(corpus, f"seed-{number}").write_bytes(seed)
        done = subprocess.run([target, f"-max_total_time={seconds}", f"-max_len={MOST_BYTES}", "-timeout=20",
                               "-rss_limit_mb=2048", "-print_final_stats=1", f"-artifact_prefix={crashes}/{name}-", corpus])
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
