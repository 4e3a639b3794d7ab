# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the demo's cameras and its shared screen show, as SVG text."""
import dataclasses
import html

CAMERA = (640, 360)
SCREEN = (1280, 720)


@dataclasses.dataclass(frozen=True)
class Look:
    wall: str
    wall_dark: str
    skin: str
    hair: str
    cloth: str
    long_hair: bool


LOOKS = {
    "anna": Look("#8fd0cb", "#3f8f93", "#f2c6a5", "#6b3a2a", "#f4f1ea", True),
    "pavel": Look("#f0c08a", "#b8703c", "#e8b48e", "#2f2a2a", "#3b4a6b", False),
}


def _shelf(look):
    colours = ("#ffffff", look.cloth, look.wall_dark, "#d96c4f", "#f3d37a")
    books = "".join(
        f'<rect x="{24 + 17 * n}" y="{112 - 8 * (n * 7 % 4)}" width="13" height="{48 + 8 * (n * 7 % 4)}" rx="2"'
        f' fill="{colours[n % 5]}" opacity=".75"/>' for n in range(8))
    return (f'{books}<rect x="12" y="160" width="160" height="7" rx="3" fill="{look.wall_dark}"/>'
            '<rect x="486" y="48" width="118" height="132" rx="6" fill="#fff" opacity=".85"/>'
            f'<rect x="494" y="56" width="102" height="116" fill="{look.wall}"/>'
            f'<path d="M494 172 l34 -52 24 30 18 -22 26 44z" fill="{look.wall_dark}"/>'
            '<circle cx="572" cy="82" r="10" fill="#fff6d8"/>')


def _face(look, mouth, blink):
    eye = 1.2 if blink else 7
    teeth = f'<rect x="{-9 - mouth * .6}" y="{58 - mouth * 1.6}" width="{18 + mouth * 1.2}" height="3" rx="1.5" fill="#fff"/>'
    return (f'<ellipse rx="62" ry="76" fill="{look.skin}"/>'
            + "".join(f'<ellipse cx="{x}" cy="-8" rx="6" ry="{eye}" fill="#33302e"/>'
                      f'<path d="M{x - 13} {-28 - mouth * .5} q13 -8 26 0" stroke="{look.hair}" stroke-width="5"'
                      ' fill="none" stroke-linecap="round"/>' for x in (-25, 25))
            + '<path d="M-3 4 q-8 20 5 22" stroke="#0003" stroke-width="4" fill="none" stroke-linecap="round"/>'
            f'<ellipse cy="58" cx="0" rx="{20 - mouth}" ry="{2 + mouth * 2.2}" fill="#8c2f39" transform="translate(0 -14)"/>'
            + (f'<g transform="translate(0 -14)">{teeth}</g>' if mouth > 2 else ""))


def camera(person, mouth, blink, sway):
    """A person in a room. mouth: 0 (closed) to 6; sway: the head's offset, -4 to 4."""
    look = LOOKS[person]
    hair = ('<path d="M-66 62 q-28 -158 66 -158 q94 0 66 158 q-2 8 -8 2 l-6 -84 q-30 -4 -62 -46 q-14 32 -44 44 l-4 86'
            ' q-4 6 -8 -2z"' if look.long_hair else
            '<path d="M-64 -12 q-10 -84 64 -84 q74 0 64 84 q-8 -34 -30 -42 q-36 10 -68 0 q-24 10 -30 42z"')
    back = '<ellipse rx="82" ry="92" cy="8" fill="{}"/>'.format(look.hair) if look.long_hair else ""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360">'
            f'<defs><linearGradient id="w" x2="0" y2="1"><stop stop-color="{look.wall}"/>'
            f'<stop offset="1" stop-color="{look.wall_dark}"/></linearGradient></defs>'
            f'<rect width="640" height="360" fill="url(#w)"/>{_shelf(look)}'
            f'<g transform="translate({320 + sway * 3} {176 + abs(sway)}) rotate({sway * .9})">{back}</g>'
            f'<path d="M180 370 q8 -96 96 -104 l88 0 q88 8 96 104z" fill="{look.cloth}"/>'
            f'<path d="M288 232 l0 36 q32 34 64 0 l0 -36z" fill="{look.skin}"/>'
            f'<g transform="translate({320 + sway * 3} {176 + abs(sway)}) rotate({sway * .9})">'
            f'{_face(look, mouth, blink)}{hair} fill="{look.hair}"/></g></svg>')


# --- the shared screen ---------------------------------------------------------------------------------

SESSION = [  # (seconds at which it begins, typed or printed, text)
    (0.3, "typed", "rostrum plan record.json"),
    (1.6, "printed", "2 people · 5 slides · 1 screen share · 0 missing"),
    (2.1, "typed", "rostrum render record.json -o webinar.mp4"),
    (4.1, "bar", ""),
    (7.2, "printed", "webinar.mp4: every frame and every sample is there"),
]
TRACKS = [("slides", "#e7b54a", [(0, 1)]), ("screen", "#d96c4f", [(.5, .78)]),
          ("anna", "#3f9f9b", [(.03, .4), (.44, .97)]), ("павел", "#8a6fc4", [(.28, .99)])]


def _console(t):
    lines = []
    for begin, kind, text in SESSION:
        if t < begin:
            break
        if kind == "typed":
            shown = text[:int((t - begin) * 22)]
            cursor = "▌" if len(shown) < len(text) else ""
            lines.append(f'<tspan fill="#7fd1a8">$</tspan>\u00a0{html.escape(shown)}{cursor}')
        elif kind == "bar":
            done = min(1.0, (t - begin) / 3)
            lines.append(f'<tspan fill="#7ab8f0">{"█" * round(done * 40):░<40}</tspan>\u00a0{done:.0%}')
        else:
            lines.append(html.escape(text))
    return "".join(f'<text x="84" y="{168 + 38 * n}" font-size="25">{line}</text>' for n, line in enumerate(lines))


def _timeline(share):
    parts = []
    for n, (name, colour, spans) in enumerate(TRACKS):
        y = 420 + 58 * n
        parts.append(f'<text x="84" y="{y + 28}" font-size="21" fill="#9aa3b5">{name}</text>')
        parts += [f'<rect x="{200 + 980 * a:.1f}" y="{y}" width="{980 * (b - a):.1f}" height="42" rx="8" fill="{colour}"/>'
                  for a, b in spans]
    x = 200 + 980 * share
    return "".join(parts) + (f'<path d="M{x:.1f} 404 v258" stroke="#fff" stroke-width="3"/>'
                             f'<path d="M{x - 11:.1f} 392 h22 l-11 15z" fill="#fff"/>')


def screen(t, length):
    """A terminal and the tracks of the recording, t seconds into a share of `length` seconds."""
    return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 720" font-family="DejaVu Sans Mono" fill="#e6e9f0">'
            '<rect width="1280" height="720" fill="#5b6b8c"/>'
            '<rect x="40" y="40" width="1200" height="640" rx="14" fill="#1c2130"/>'
            '<path d="M40 84 v-30 q0 -14 14 -14 h1172 q14 0 14 14 v30z" fill="#2b3246"/>'
            '<g><circle cx="68" cy="62" r="8" fill="#e8695e"/><circle cx="94" cy="62" r="8" fill="#e7b54a"/>'
            '<circle cx="120" cy="62" r="8" fill="#61c08f"/></g>'
            f'{_console(t)}{_timeline(t / length)}</svg>')
