# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a film shows and plays, read from `rostrum plan --json`, so that other programs can make the same film."""
import dataclasses
import fractions
import functools
import json
import pathlib
import subprocess

SECOND = 1_000_000_000


@dataclasses.dataclass(frozen=True)
class Medium:
    """The streams of one file, as ffprobe sees them."""
    path: pathlib.Path
    rate: fractions.Fraction  # pictures per second
    matrix: str  # of the colours: what its file says, else by the usual rule for its height
    channels: int  # of the sound; 0: none
    has_video: bool


@dataclasses.dataclass(frozen=True)
class Piece:
    """One medium in one rectangle for a run of frames."""
    medium: Medium
    track: int  # the later the higher on the canvas
    still: bool  # a slide
    rect: tuple  # x, y, width, height in pixels of the canvas
    first: int  # frame
    end: int  # the frame after the last
    at: float  # seconds of the medium at `first`


@dataclasses.dataclass(frozen=True)
class Voice:
    """One medium's sound; in seconds."""
    medium: Medium
    start: float
    at: float
    duration: float


@dataclasses.dataclass(frozen=True)
class Film:
    width: int
    height: int
    rate: int  # frames per second
    frames: int
    pieces: tuple
    voices: tuple

    @property
    def seconds(self):
        return self.frames / self.rate

    @property
    def media(self):
        """Every file with a moving picture or sound, once."""
        moving = [p.medium for p in self.pieces if not p.still] + [v.medium for v in self.voices]
        return tuple(dict.fromkeys(moving))

    @property
    def stills(self):
        return tuple(dict.fromkeys(p.medium for p in self.pieces if p.still))


@functools.lru_cache(maxsize=None)
def probe(path):
    done = subprocess.run(["ffprobe", "-v", "error", "-show_streams", "-of", "json", str(path)], check=True,
                          capture_output=True, text=True)
    streams = {s["codec_type"]: s for s in json.loads(done.stdout)["streams"]}
    video = streams.get("video", {})
    tagged = {"bt709": "bt709", "bt470bg": "bt601", "smpte170m": "bt601"}.get(video.get("color_space"))
    usual = "bt709" if video.get("height", 0) > 576 else "bt601"
    return Medium(path, fractions.Fraction(video.get("r_frame_rate", "0")), tagged or usual,
                  streams.get("audio", {}).get("channels", 0), bool(video))


def clip_at(track, asset, second):
    """The clip that a tile shows; a tile names only the asset."""
    for clip in track["clips"]:
        # a frame belongs to a clip from 1 ms before its time on
        if clip["asset"] == asset and -0.001 <= second - clip["start"] / SECOND < clip["duration"] / SECOND:
            return clip
    raise SystemExit(f"bench: no clip of {asset} at {second} s")


def pieces_of(plan, media, rate):
    tracks = {track["id"]: (n, track) for n, track in enumerate(plan["tracks"])}
    pieces = []
    for scene in plan["scenes"]:
        first, end = scene["frames"]
        for tile in scene["tiles"]:
            n, track = tracks[tile["track"]]
            clip = clip_at(track, tile["asset"], first / rate)
            if "page" in tile or "hidden" in clip:
                raise SystemExit("bench: pages of a PDF and hidden cameras are not done here")
            at = (clip["in"] + first * SECOND // rate - clip["start"]) / SECOND
            pieces.append(Piece(media[tile["asset"]], n + 1000 * tile.get("z", 0), track["kind"] == "slides",
                                tuple(tile["rect"]), first, end, max(at, 0.0)))
    return joined(pieces, rate)


def joined(pieces, rate):
    """A run of scenes that leaves a tile as it is, is one piece."""
    last, done = {}, []
    for piece in pieces:
        before = last.get(piece.track)
        if before is not None:
            old = done[before]
            follows = (old.end, old.medium, old.rect) == (piece.first, piece.medium, piece.rect)
            if follows and (piece.still or abs(old.at + (old.end - old.first) / rate - piece.at) < 0.001):
                done[before] = dataclasses.replace(old, end=piece.end)
                continue
        last[piece.track] = len(done)
        done.append(piece)
    return tuple(sorted(done, key=lambda p: (p.track, p.first)))


def voices_of(plan, media):
    voices = []
    for track in plan["tracks"]:
        for clip in track["clips"]:
            if clip["audio"]:
                if "muted" in clip:
                    raise SystemExit("bench: muted clips are not done here")
                voices.append(Voice(media[clip["asset"]], clip["start"] / SECOND, clip["in"] / SECOND,
                                    clip["playable"] / SECOND))
    return tuple(voices)


def load(tool, job):
    """The film of a manifest."""
    done = subprocess.run([tool, "plan", str(job), "--json"], check=True, capture_output=True, text=True)
    plan = json.loads(done.stdout)
    assets = json.loads(job.read_text())["assets"]
    used = {clip["asset"] for track in plan["tracks"] for clip in track["clips"]}
    media = {name: probe(job.parent / asset["uri"]) for name, asset in assets.items() if name in used}
    width, height = map(int, plan["canvas"].split("x"))
    rate = fractions.Fraction(plan["rate"])
    if rate.denominator != 1:
        raise SystemExit("bench: only whole frame rates are done here")
    frames = plan["frames"][1] - plan["frames"][0]
    return Film(width, height, int(rate), frames, pieces_of(plan, media, int(rate)), voices_of(plan, media))
