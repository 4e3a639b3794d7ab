# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pictures that say their number, coded in different ways, and what ffmpeg and GStreamer decode of films of them."""
import hashlib
import subprocess

import numpy

WIDTH, HEIGHT, RATE = 192, 108, 25
BITS, CELL = 12, 16
FRAME = WIDTH * HEIGHT * 3 // 2
BT709 = "-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv"
CODINGS = {
    "closed": "-preset veryfast -g 50 -bf 2 -x264-params scenecut=0",
    "open": "-preset veryfast -bf 3 -x264-params open-gop=1:keyint=40:min-keyint=40:scenecut=0",
    "baseline": "-preset ultrafast -profile:v baseline -g 60",
    "pyramid": "-preset medium -profile:v main -g 75 -bf 3 -x264-params b-pyramid=normal:ref=4",
}


def picture(number, noise):
    """Cells that are white where a bit of the number is set, above noise that no codec can guess."""
    luma = numpy.full((HEIGHT, WIDTH), 128, numpy.uint8)
    luma[:, :] = numpy.roll(noise, (number * 3) % WIDTH, axis=1)
    for bit in range(BITS):
        luma[:60, bit * CELL:(bit + 1) * CELL] = 220 if number >> bit & 1 else 30
    return luma.tobytes() + b"\x80" * (FRAME - WIDTH * HEIGHT)


def make(path, first, count, coding):
    """An MP4 whose pictures have the numbers from `first` on."""
    noise = numpy.random.default_rng(first).integers(60, 190, (HEIGHT, WIDTH), numpy.uint8)
    command = (f"ffmpeg -nostdin -v error -y -f rawvideo -pix_fmt yuv420p -s {WIDTH}x{HEIGHT} -r {RATE} -i pipe:0"
               f" -c:v libx264 -threads 1 {coding} {BT709}").split()
    subprocess.run([*command, str(path)], check=True,
                   input=b"".join(picture(first + n, noise) for n in range(count)))


def number_of(frame):
    luma = numpy.frombuffer(frame, numpy.uint8, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH)
    cells = [luma[10:50, bit * CELL + 4:(bit + 1) * CELL - 4].mean() for bit in range(BITS)]
    return sum(1 << bit for bit, level in enumerate(cells) if level > 125)


def _frames(raw):
    assert len(raw) % FRAME == 0, len(raw)
    frames = [raw[at:at + FRAME] for at in range(0, len(raw), FRAME)]
    return [(number_of(frame), hashlib.md5(frame).hexdigest()) for frame in frames]


def by_ffmpeg(path, *seek):
    """Number and hash of each picture, in order; and ffmpeg has nothing to remark."""
    done = subprocess.run(["ffmpeg", "-nostdin", "-v", "warning", *seek, "-i", str(path), "-an", "-fps_mode", "passthrough",
                           "-pix_fmt", "yuv420p", "-f", "rawvideo", "-"], check=True, capture_output=True)
    assert done.stderr == b"", done.stderr
    return _frames(done.stdout)


def by_gstreamer(path):
    raw = path.with_suffix(".raw")
    subprocess.run(["gst-launch-1.0", "-q", *f"filesrc location={path} ! qtdemux name=d d.video_0 ! h264parse ! avdec_h264"
                    f" ! video/x-raw,format=I420 ! filesink location={raw}".split()], check=True, stdin=subprocess.DEVNULL,
                   timeout=120)
    return _frames(raw.read_bytes())
