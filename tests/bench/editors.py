# SPDX-License-Identifier: LGPL-2.1-or-later
"""The film for the two editing engines that come as commands: melt (MLT) and ges-launch-1.0 (GES)."""
import os
import xml.etree.ElementTree as xml


def properties(parent, **values):
    for name, value in values.items():
        xml.SubElement(parent, "property", name=name).text = str(value)


def lanes(items, begin, end):
    """Items, sorted by their begin, dealt to as few lanes as keep each lane free of overlap."""
    found = []
    for item in items:
        lane = next((lane for lane in found if end(lane[-1]) <= begin(item)), None)
        if lane is None:
            found.append([item])
        else:
            lane.append(item)
    return found


def picture_lanes(film):
    """One lane per track of the plan, the lowest first."""
    by_track = {}
    for piece in film.pieces:
        by_track.setdefault(piece.track, []).append(piece)
    return [by_track[track] for track in sorted(by_track)]


# --- MLT ------------------------------------------------------------------------------------------------

class Timeline:
    """An MLT document that grows by one playlist per lane."""

    def __init__(self, film):
        self.film = film
        self.root = xml.Element("mlt", LC_NUMERIC="C")
        xml.SubElement(self.root, "profile", width=str(film.width), height=str(film.height), progressive="1",
                       sample_aspect_num="1", sample_aspect_den="1", display_aspect_num=str(film.width),
                       display_aspect_den=str(film.height), frame_rate_num=str(film.rate), frame_rate_den="1",
                       colorspace="709")
        self.producers, self.playlists = 0, []
        self.tractor = xml.Element("tractor", id="film", out=str(film.frames - 1))

    def producer(self, service, resource, **values):
        self.producers += 1
        node = xml.SubElement(self.root, "producer", id=f"producer{self.producers}")
        properties(node, mlt_service=service, resource=resource, **values)
        return node.get("id")

    def playlist(self, entries, hide):
        """`entries`: (producer, first frame of the film, first frame of the medium, frames)."""
        name = f"playlist{len(self.playlists)}"
        node, at = xml.Element("playlist", id=name), 0
        for producer, first, inner, count in entries:
            if first > at:
                xml.SubElement(node, "blank", length=str(first - at))
            xml.SubElement(node, "entry", {"producer": producer, "in": str(inner), "out": str(inner + count - 1)})
            at = first + count
        self.playlists.append(node)
        xml.SubElement(self.tractor, "track", producer=name, hide=hide)
        return len(self.playlists) - 1

    def transition(self, service, lane, first, end, **values):
        node = xml.SubElement(self.tractor, "transition", {"in": str(first), "out": str(end - 1)})
        properties(node, mlt_service=service, a_track=0, b_track=lane, **values)

    def write(self, path):
        self.root.extend(self.playlists)
        self.root.append(self.tractor)
        xml.ElementTree(self.root).write(path, encoding="utf-8")


def mlt_pictures(timeline):
    film = timeline.film
    for lane in picture_lanes(film):
        entries = []
        for piece in lane:
            count = piece.end - piece.first
            service = "pixbuf" if piece.still else "avformat"
            # the sound has lanes of its own
            values = {"length": count, "ttl": 1} if piece.still else {"audio_index": -1}
            producer = timeline.producer(service, piece.medium.path, **values)
            entries.append((producer, piece.first, 0 if piece.still else round(piece.at * film.rate), count))
        n = timeline.playlist(entries, "audio")
        for piece in lane:
            x, y, width, height = piece.rect
            timeline.transition("composite", n, piece.first, piece.end, distort=1, fill=1,
                                geometry=f"{x}/{y}:{width}x{height}:100")


def mlt_sound(timeline):
    film = timeline.film
    voices = sorted(film.voices, key=lambda v: v.start)
    for lane in lanes(voices, lambda v: v.start, lambda v: v.start + v.duration):
        entries = []
        for voice in lane:
            producer = timeline.producer("avformat", voice.medium.path, video_index=-1)
            first, count = round(voice.start * film.rate), round(voice.duration * film.rate)
            entries.append((producer, first, round(voice.at * film.rate), min(count, film.frames - first)))
        n = timeline.playlist(entries, "video")
        timeline.transition("mix", n, 0, film.frames, always_active=1, sum=1)


def mlt_command(film, folder, output):
    timeline = Timeline(film)
    black = timeline.producer("color", "black", length=film.frames)
    timeline.playlist([(black, 0, 0, film.frames)], "audio")
    mlt_pictures(timeline)
    mlt_sound(timeline)
    path = folder / "film.mlt"
    timeline.write(path)
    # real_time below zero: that many rendering threads, and no frame is dropped
    return ["melt", "-silent", path, "-consumer", f"avformat:{output}", f"real_time=-{os.cpu_count()}",
            "vcodec=libx264", "preset=veryfast", "crf=23", "vprofile=high", "g=250", "rc_lookahead=10",
            "acodec=aac", "ab=128k", "ar=48000", "channels=2", "movflags=+faststart", "color_trc=bt709"]


# --- GES ------------------------------------------------------------------------------------------------

GES_PROFILE = ("video/quicktime,variant=iso:"
               "video/x-h264,profile=high|element-properties,pass=(int)5,quantizer=23,vbv-buf-capacity=0,"
               "speed-preset=(int)3,key-int-max=250,rc-lookahead=10,dct8x8=true:"
               "audio/mpeg,mpegversion=4|element-properties,bitrate=128000")


def ges_clips(film):
    words, layer = [], 0
    for lane in reversed(picture_lanes(film)):  # GES has the topmost layer first
        for piece in lane:
            x, y, width, height = piece.rect
            words += ["+clip", piece.medium.path, *([] if piece.still else [f"inpoint={piece.at:.6f}"]),
                      f"start={piece.first / film.rate:.6f}", f"duration={(piece.end - piece.first) / film.rate:.6f}",
                      f"layer={layer}", "track-types=video", "set-posx", x, "set-posy", y, "set-width", width,
                      "set-height", height]
        layer += 1
    voices = sorted(film.voices, key=lambda v: v.start)
    for lane in lanes(voices, lambda v: v.start, lambda v: v.start + v.duration):
        for voice in lane:
            words += ["+clip", voice.medium.path, f"inpoint={voice.at:.6f}", f"start={voice.start:.6f}",
                      f"duration={voice.duration:.6f}", f"layer={layer}", "track-types=audio"]
        layer += 1
    return words


def ges_command(film, output):
    return ["ges-launch-1.0", *ges_clips(film), "-o", output.as_uri(), "-f", GES_PROFILE,
            "--video-caps", f"video/x-raw,width={film.width},height={film.height},framerate={film.rate}/1",
            "--audio-caps", "audio/x-raw,rate=48000,channels=2"]
