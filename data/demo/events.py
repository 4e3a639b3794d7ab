# SPDX-License-Identifier: LGPL-2.1-or-later
"""The demo's recording as an MTS Link record and as a job manifest."""
import dataclasses

TITLE = "One webinar, one film"
PEOPLE = {  # id: (number in the record, name, role in the record)
    "anna": (101, "Anna Reed", "ADMIN"),
    "pavel": (102, "Павел Орлов", "GUEST"),
}


@dataclasses.dataclass(frozen=True)
class Recording:
    """All times in seconds; slides are (start, page); anna's microphone is off during `muted`."""
    duration: float
    cameras: list
    screen: object
    slides: list
    muted: tuple


def _event(module, t, data):
    return {"module": module, "relativeTime": round(t, 2), "data": data}


def _people(r):
    joined = {person: min(s.start for s in r.cameras if s.person == person) for person in PEOPLE}
    online = [{"role": role, "user": {"id": number, "nickname": name if person == "anna" else "Гость"}}
              for person, (number, name, role) in PEOPLE.items()]
    log = [_event("userlist.online", 0, online)]
    log += [_event("conference.add", joined[person], {"id": 9000 + number, "user": {"id": number}, "hasAudio": True,
                                                      "hasVideo": True})
            for person, (number, _, _) in PEOPLE.items()]
    log += [_event("conference.update", t, {"id": 9101, "hasAudio": heard}) for t, heard in zip(r.muted, (False, True))]
    number, name, _ = PEOPLE["pavel"]
    log.append(_event("participation.rename", joined["pavel"] + 1, {"user": {"id": number, "nickname": name}}))
    return log


def _media(r):
    log = []
    for n, s in enumerate([*r.cameras, r.screen], 1):
        number = PEOPLE[s.person][0]
        stream = {"id": 500 + number, "conference": {"id": 9000 + number}}
        if s is r.screen:
            stream = {"id": 600, "screensharing": {"id": 7001}}
        log.append(_event("mediasession.add", s.start, {"id": n, "url": s.file, "stream": stream}))
        log.append(_event("mediasession.update", s.end, {"id": n, "duration": round(s.end - s.start, 2)}))
    return log


def record(r):
    """The event log of the recording, its media named relative to it."""
    log = _people(r) + _media(r)
    log += [_event("presentation.update", t, {"fileReference": {"slide": {"number": page, "url": f"slide-{page}.jpg"}}})
            for t, page in r.slides]
    log.sort(key=lambda event: event["relativeTime"])
    return {"name": TITLE, "duration": r.duration, "eventLogs": log}


def _clip(s, muted=None):
    clip = {"asset": s.file.removesuffix(".mp4"), "start": round(s.start, 2), "duration": round(s.end - s.start, 2)}
    if muted and muted[0] < s.end and muted[1] > s.start:
        clip["muted"] = [list(muted)]
    return clip


def job(r):
    """The same recording as a manifest; its slides are pages of the deck itself."""
    tracks = [{"id": person, "kind": "camera", "person": person,
               "clips": [_clip(s, r.muted if person == "anna" else None) for s in r.cameras if s.person == person]}
              for person in PEOPLE]
    tracks.append({"id": "screen", "kind": "screen", "clips": [_clip(r.screen)]})
    tracks.append({"id": "slides", "kind": "slides",
                   "clips": [{"asset": "deck", "page": page, "start": round(t, 2)} for t, page in r.slides]})
    assets = {s.file.removesuffix(".mp4"): {"uri": s.file} for s in [*r.cameras, r.screen]}
    people = [{"id": person, "name": name, "role": "presenter" if role == "ADMIN" else "participant"}
              for person, (_, name, role) in PEOPLE.items()]
    return {"rostrum": 1, "title": TITLE, "duration": r.duration,
            "canvas": {"size": "1280x720", "rate": "25/1", "background": "#000000"},
            "people": people, "assets": {**assets, "deck": {"uri": "deck.pdf"}}, "tracks": tracks,
            "layout": {"policy": "webinar", "labels": True}, "chapters": "slides"}
