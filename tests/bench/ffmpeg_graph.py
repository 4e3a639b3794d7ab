# SPDX-License-Identifier: LGPL-2.1-or-later
"""The film as one ffmpeg command, as one who knows ffmpeg would write it by hand.

Each run of a medium in one size is an input of its own, opened at its in-point (nothing is decoded that is not
seen, and no branch waits for a later one); a slide is decoded once and overlay repeats it; tiles are scaled and
brought to BT.709 before they are laid on; one overlay per run, enabled between its times.  ffmpeg uses as many
threads as it likes.
"""

X264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-profile:v", "high", "-g", "250",
        "-rc-lookahead", "10", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
AAC = ["-c:a", "aac", "-b:a", "128k"]


def layers(film):
    """Pieces that one input and one overlay can show: a slide whenever it has the same size, a moving picture while
    it goes on in the same size."""
    found = []
    for piece in film.pieces:
        for layer in found:
            old = layer[-1]
            same = (old.track, old.medium, old.rect[2:]) == (piece.track, piece.medium, piece.rect[2:])
            if same and (piece.still or old.end == piece.first):
                layer.append(piece)
                break
        else:
            found.append([piece])
    return found


def picture_input(layer, film):
    """Words that open a layer's medium, and the filters that bring it to its place in time and its size."""
    piece = layer[0]
    width, height = piece.rect[2:]
    scale = (f"scale={width}:{height}:in_color_matrix={piece.medium.matrix}:out_color_matrix=bt709:out_range=tv,"
             f"format=yuv420p,setsar=1")
    begin = piece.first / film.rate
    if piece.still:
        return ["-i", piece.medium.path], scale
    # one picture early, so that the picture that is due at the first frame is there
    early = min(piece.at, float(1 / piece.medium.rate))
    length = (layer[-1].end - piece.first) / film.rate + early
    words = ["-ss", f"{piece.at - early:.6f}", "-t", f"{length:.6f}", "-an", "-i", piece.medium.path]
    filters = f"setpts=PTS+{begin - early:.6f}/TB,"
    if piece.medium.rate > film.rate:  # scale no picture that is not shown; "up": the last one before each frame
        filters += f"fps={film.rate}:round=up,"
    return words, filters + scale


def between_frames(frame, film):
    """Half a frame early, so that rounding decides nothing."""
    return f"{(frame - 0.5) / film.rate:.4f}"


def position(layer, axis, film):
    """A coordinate over time."""
    text = value = str(layer[0].rect[axis])
    for piece in layer[1:]:
        if str(piece.rect[axis]) != value:
            value = str(piece.rect[axis])
            text = f"if(gte(t,{between_frames(piece.first, film)}),{value},{text})"
    return text


def overlay(layer, film):
    shown = "+".join(f"between(t,{between_frames(p.first, film)},{between_frames(p.end, film)})" for p in layer)
    return f"overlay=x='{position(layer, 0, film)}':y='{position(layer, 1, film)}':format=yuv420:enable='{shown}'"


def pictures(film, layered):
    """Inputs and filters of the picture; the last label is [picture]."""
    words, lines = [], [f"color=black:size={film.width}x{film.height}:rate={film.rate}:duration={film.seconds},"
                        "format=yuv420p[canvas0]"]
    for n, layer in enumerate(layered):
        opened, filters = picture_input(layer, film)
        words += opened
        lines += [f"[{n}:v]{filters}[layer{n}]", f"[canvas{n}][layer{n}]{overlay(layer, film)}[canvas{n + 1}]"]
    lines.append(f"[canvas{len(layered)}]setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709[picture]")
    return words, lines


def sound(film, first_input):
    """Inputs and filters of the sound; the last label is [sound]."""
    words, lines = [], []
    for n, voice in enumerate(film.voices):
        words += ["-ss", f"{voice.at:.6f}", "-t", f"{voice.duration:.6f}", "-vn", "-i", voice.medium.path]
        # mono goes to both channels as loud as it is
        stereo = "pan=stereo|c0=c0|c1=c0" if voice.medium.channels == 1 else "aformat=channel_layouts=stereo"
        lines.append(f"[{first_input + n}:a]aresample=48000,{stereo},adelay={voice.start * 1000:.3f}:all=1[voice{n}]")
    heard = "".join(f"[voice{n}]" for n in range(len(film.voices)))
    lines.append(f"{heard}amix=inputs={len(film.voices)}:normalize=0,apad,atrim=duration={film.seconds}[sound]")
    return words, lines


def command(film, *outputs):
    """`outputs`: the words of the output files, which map [picture] and [sound]."""
    layered = layers(film)
    picture_words, picture_lines = pictures(film, layered)
    sound_words, sound_lines = sound(film, len(layered))
    return ["ffmpeg", "-v", "error", "-y", "-nostdin", *picture_words, *sound_words,
            "-filter_complex", ";".join(picture_lines + sound_lines), *outputs]


def film_command(film, output):
    return command(film, "-map", "[picture]", "-map", "[sound]", *X264, *AAC, "-movflags", "+faststart", output)


def reference_command(film, raw, wave):
    """The same film unencoded: I420 frames, and float samples."""
    return command(film, "-map", "[picture]", "-f", "rawvideo", raw, "-map", "[sound]", "-c:a", "pcm_f32le", wave)
