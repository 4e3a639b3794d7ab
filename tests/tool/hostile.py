# SPDX-License-Identifier: LGPL-2.1-or-later
"""Media that try to pull other files, or URLs, into a film.  All functions return the names of what they wrote."""
import struct


def svg(inside, before="", attributes=""):
    return ('<?xml version="1.0"?>' + before + '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180" '
            'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xi="http://www.w3.org/2001/XInclude" '
            f'viewBox="0 0 320 180" {attributes}>{inside}</svg>')


def pdf(content, stream_entries=b""):
    """One page of 320x180 that draws `content`."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 320 180]/Contents 4 0 R/Resources"
               b"<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
               b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), stream_entries, content)]
    text, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(text))
        text += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return text + (b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" %
                   (len(objects) + 1, table, len(objects) + 1, len(text)))


def drawings(secret):
    """SVGs by the way in which they refer to the secret; {name: text}."""
    found = {}
    area = 'width="320" height="180"'
    for scheme, where in (("uri", secret.as_uri()), ("path", str(secret)), ("relative", "../secret")):
        png, other, css, text = (f"{where}/secret.{end}" for end in ("png", "svg", "css", "txt"))
        rect = f"<rect {area} fill='#2040a0'/>"
        found |= {
            f"image-{scheme}": svg(f'<image href="{png}" {area}/>'),
            f"xlink-{scheme}": svg(f'<image xlink:href="{png}" {area}/>'),
            f"base-{scheme}": svg(f'<image href="secret.png" {area}/>', attributes=f'xml:base="{where}/"'),
            f"use-{scheme}": svg(f'<use href="{other}#s"/><use xlink:href="{other}#s"/>'),
            f"filter-{scheme}": svg(f'<filter id="f"><feImage href="{png}" xlink:href="{png}"/></filter>'
                                    f'<rect {area} filter="url(#f)"/><rect {area} filter="url({other}#s)"/>'),
            f"import-{scheme}": svg(f'<style>@import url("{css}"); @import "{css}";</style>{rect}'),
            f"url-{scheme}": svg(f'<rect {area} style="fill:url({other}#s)"/><rect {area} fill="url({other}#s)"/>'),
            f"font-{scheme}": svg(f'<style>@font-face{{font-family:x;src:url("{other}")}}</style>'
                                  '<text x="9" y="99" font-family="x">a</text>'),
            f"sheet-{scheme}": svg(rect, before=f'<?xml-stylesheet type="text/css" href="{css}"?>'),
            f"entity-{scheme}": svg('<text x="9" y="99">&e;</text>', before=f'<!DOCTYPE svg [<!ENTITY e SYSTEM "{text}">]>'),
            f"dtd-{scheme}": svg(rect, before=f'<!DOCTYPE svg SYSTEM "{text}">'),
            f"parameter-{scheme}": svg(rect, before=f'<!DOCTYPE svg [<!ENTITY % p SYSTEM "{text}"> %p;]>'),
            f"include-{scheme}": svg(f'<text x="9" y="99"><xi:include href="{text}" parse="text"/></text>'
                                     f'<xi:include href="{other}"/>'),
            f"object-{scheme}": svg(f'<foreignObject {area}><iframe xmlns="http://www.w3.org/1999/xhtml" src="{other}"/>'
                                    '</foreignObject>'),
        }
    return found


def documents(secret):
    """PDFs by the way in which they refer to the secret; {name: bytes}."""
    where = str(secret / "secret.pdfstream").encode()
    name = b"/F(%s)" % where
    return {"external": pdf(b"", name), "specification": pdf(b"", b"/F<</Type/Filespec%s>>" % name),
            "address": pdf(b"", b"/F<</FS/URL/F(file://%s)>>" % where)}


def pictures(folder, secret):
    files = {f"{name}.svg": text.encode() for name, text in drawings(secret).items()}
    files |= {f"{name}.pdf": data for name, data in documents(secret).items()}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return list(files)


def playlists(folder, target, port):
    """Playlists of each kind, each under two endings."""
    names = []
    for number, where in enumerate((target.as_uri(), str(target), "../secret/" + target.name, f"http://127.0.0.1:{port}/x.ts")):
        kinds = {
            "hls": f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXTINF:1.0,\n{where}\n#EXT-X-ENDLIST\n",
            "master": f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\n{where}\n",
            "key": f'#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-KEY:METHOD=AES-128,URI="{where}"\n#EXT-X-MAP:URI="{where}"\n'
                   "#EXTINF:1.0,\ncamera.mp4\n#EXT-X-ENDLIST\n",
            "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
                    'mediaPresentationDuration="PT1S" profiles="urn:mpeg:dash:profile:isoff-main:2011"><Period>'
                    f'<AdaptationSet mimeType="video/mp2t"><Representation id="1" bandwidth="1"><BaseURL>{where}</BaseURL>'
                    "</Representation></AdaptationSet></Period></MPD>",
            "smooth": '<?xml version="1.0"?><SmoothStreamingMedia MajorVersion="2" MinorVersion="0" Duration="10000000">'
                      f'<StreamIndex Type="video" Url="{where}"><c d="10000000"/></StreamIndex></SmoothStreamingMedia>',
            "concat": f"ffconcat version 1.0\nfile '{where}'\n",
            "list": f"{where}\n",
            "reference": f"[Reference]\nRef1={where}\n",
            "asx": f'<asx version="3.0"><entry><ref href="{where}"/></entry></asx>',
            "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
                   f"m=video {port} RTP/AVP 96\na=rtpmap:96 H264/90000\n",
            "rtsp": f"RTSPtextRTSPtext rtsp://127.0.0.1:{port}/x\n",
        }
        for kind, text in kinds.items():
            for ending in ("m3u8", "mp4"):
                names.append(f"{kind}-{number}.{ending}")
                (folder / names[-1]).write_text(text)
    return names


CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"dinf"}


def box(kind, body):
    return struct.pack(">I4s", len(body) + 8, kind) + body


def with_reference(data, entry):
    """The boxes of `data` with `entry` in place of each data reference."""
    out = b""
    while data:
        size, kind = struct.unpack(">I4s", data[:8])
        body, data = data[8:size], data[size:]
        if kind in CONTAINERS:
            body = with_reference(body, entry)
        elif kind == b"dref":
            body = struct.pack(">II", 0, 1) + entry
        out += box(kind, body)
    return out


def movies(folder, camera, target):
    """MP4s whose samples, or whose whole movie, are said to lie elsewhere.  The camera's index is at its end."""
    data = camera.read_bytes()
    files = {}
    for scheme, where in (("uri", target.as_uri()), ("path", str(target)), ("relative", "../secret/" + target.name)):
        location = where.encode() + b"\0"
        entries = {"url": box(b"url ", bytes(4) + location), "urn": box(b"urn ", bytes(4) + b"x\0" + location),
                   "alias": box(b"alis", bytes(4) + location)}
        files |= {f"{kind}-{scheme}.mp4": with_reference(data, entry) for kind, entry in entries.items()}
        reference = box(b"rdrf", bytes(4) + b"url " + struct.pack(">I", len(location)) + location)
        files[f"movie-{scheme}.mov"] = (box(b"ftyp", b"qt  " + bytes(4) + b"qt  ") +
                                        box(b"moov", box(b"rmra", box(b"rmda", reference))))
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return list(files)
