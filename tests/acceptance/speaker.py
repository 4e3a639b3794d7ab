#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How often the chosen speaker is who speaks: speaker.py SOURCE_ROOT SPEAKER_LEVELS

Each meeting has a track per person and known turns.  Windows of 0.1 s RMS go to core/speaker; its answer is compared
with the turns.  A moment is right when the chosen person is one of those who have a turn then.
"""
import json
import subprocess
import sys

import numpy as np

import shared
import speaker_meetings as meetings

STEP = 0.1  # seconds: the grid of the score
CHANGE = 0.5  # seconds around the ends of turns that hold 1 s is not judged in
LEAST_RIGHT, LEAST_OF_BEST, MOST_ERROR = 0.95, 0.95, 0.3
MINUTES = 10


def decide(program, meeting, **options):
    live = options.pop("live", False)
    people = [{"levels": levels, **more} for levels, more in zip(meeting.levels(), meeting.people)]
    job = {"end": meeting.end, "options": options, "live": live, "people": people}
    done = subprocess.run([program], input=json.dumps(job), capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    return answer["switches"], answer["seconds"]


def speaking(meeting):
    """[person, step]: who has a turn."""
    table = np.zeros((len(meeting.tracks), int(round(meeting.end / STEP))), bool)
    middles = (np.arange(table.shape[1]) + 0.5) * STEP
    for who, start, stop in meeting.turns:
        table[who] |= (start <= middles) & (middles < stop)
    return table


def chosen(switches, steps):
    who = np.full(steps, -1)
    for start, person in switches:
        who[int(round(start / STEP)):] = -1 if person is None else person
    return who


def right(table, who):
    """Steps at which the chosen person has a turn."""
    return (who >= 0) & table[who, np.arange(table.shape[1])]


def judged(meeting, table):
    """Steps with a speaker that are not next to an end of a turn."""
    middles = (np.arange(table.shape[1]) + 0.5) * STEP
    steps = table.any(axis=0)
    for _, start, stop in meeting.turns:
        for end in (start, stop):
            steps &= np.abs(middles - end) > CHANGE
    return steps


def best_possible(table, hold):
    """The most steps that any sequence can have right whose changes are `hold` apart (the first one is free)."""
    people, steps = table.shape
    hold = int(round(hold / STEP))
    sums = np.concatenate([np.zeros((people, 1), int), np.cumsum(table, axis=1)], axis=1)
    free = np.zeros((steps + 1, people), int)  # has been shown for `hold`
    begun = np.zeros((steps + 1, people), int)  # changed to just now
    best = 0
    for t in range(steps + 1):
        if t > 0:
            free[t] = free[t - 1] + table[:, t - 1]
        if t >= hold:
            free[t] = np.maximum(free[t], begun[t - hold] + sums[:, t] - sums[:, t - hold])
        begun[t] = free[t].max()
        if t + hold >= steps:
            best = max(best, (begun[t] + sums[:, steps] - sums[:, t]).max())
    return best


def switch_errors(meeting, switches):
    """For each change of speaker in truth: how far from it the change to that person stands, if there is one."""
    errors, missed, last = [], 0, None
    for who, start, stop in sorted(meeting.turns, key=lambda turn: turn[1]):
        if who == last:
            continue
        last = who
        offsets = [at - start for at, person in switches[1:] if person == who and start - 1 <= at < stop]
        if offsets:
            errors.append(min(offsets, key=abs))
        else:
            missed += 1
    return errors, missed


def too_close(switches, hold):
    times = [at for at, _ in switches[1:]]
    return sum(later - at < hold - 1e-6 for at, later in zip(times, times[1:]))


def measure(program, meeting, **options):
    table = speaking(meeting)
    result = {}
    quick, _ = decide(program, meeting, hold=1, **options)
    steps = judged(meeting, table)
    result["right"] = right(table, chosen(quick, table.shape[1]))[steps].sum() / max(1, steps.sum())
    result["errors"], result["missed"] = switch_errors(meeting, quick)
    slow, _ = decide(program, meeting, **options)
    result["of best"] = right(table, chosen(slow, table.shape[1])).sum() / best_possible(table, 4)
    result["too close"] = too_close(quick, 1) + too_close(slow, 4)
    return result


def show(name, result):
    error = np.median(np.abs(result["errors"])) if result["errors"] else 0
    print(f"{name:28} {result['right']:8.1%} {result['of best']:10.1%} {error:9.2f} s {len(result['errors']):5} "
          f"{result['missed']:5} {result['too close']:5}", flush=True)
    return error


def long_meeting():
    """The processor time that 3 hours with 23 people take."""
    random = np.random.default_rng(7)
    steps = 3 * 3600 * 10
    levels = random.normal(-62, 2, (23, steps))
    at = 0
    while at < steps:
        length, who = int(random.uniform(15, 150)), int(random.integers(23))
        talk = levels[who, at:at + length]
        talk[:] = np.where(random.random(len(talk)) < 0.2, -45, random.normal(-22, 4, len(talk)))
        at += length
    meeting = meetings.Meeting("3 h, 23 people", steps / 10, [], [], [{}] * 23)
    meeting.levels = np.round(levels, 2).tolist
    return meeting


def all_meetings(corpus):
    yield from meetings.corpus_meetings(corpus)
    for seed, kind in enumerate(meetings.KINDS):
        yield meetings.generate(corpus, kind, 60 * MINUTES, seed)


def main():
    source, program = sys.argv[1:]
    corpus = shared.folder(source, "corpus/4-speech")
    made = list(all_meetings(corpus))
    failed = 0
    for live in (False, True):
        print(f"\n{'live' if live else 'recording':28} {'right':>8} {'of best':>10} {'error':>11} {'found':>5} {'lost':>5} {'close':>5}")
        for meeting in made:
            result = measure(program, meeting, live=live)
            error = show(meeting.name, result)
            good = result["right"] >= LEAST_RIGHT and result["of best"] >= LEAST_OF_BEST and error <= MOST_ERROR
            failed += result["too close"] > 0 or not (good or live)
    switches, spent = min((decide(program, long_meeting()) for _ in range(3)), key=lambda answer: answer[1])
    print(f"\n3 h, 23 people: {len(switches)} speakers in {spent:.3f} s of processor time")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
