# SPDX-License-Identifier: LGPL-2.1-or-later
"""What was measured as text: one line per way to render, then the ratios beside their goals."""
import dataclasses
import statistics

import measure

MEGA = 1e6
QUIET = 0.05  # of the machine in others' hands
COLUMNS = ("row", "wall s", "CPU s", "peak MB", "scratch MB", "output MB", "SSIM", "note")


@dataclasses.dataclass
class Line:
    row: str
    cost: measure.Cost | None
    output: int = 0  # bytes
    ssim: float = 0.0
    note: str = ""

    def cells(self):
        if self.cost is None:
            return [self.row, "", "", "", "", "", "", self.note]
        cost = self.cost
        film = [""] * 3
        if self.output:
            film = [f"{cost.scratch / MEGA:.1f}", f"{self.output / MEGA:.2f}", f"{self.ssim:.4f}"]
        return [self.row, f"{cost.wall:.2f}", f"{cost.cpu:.2f}", f"{cost.peak / MEGA:.0f}", *film, self.note]


def markdown(head, body):
    widths = [max(len(row[n]) for row in [head, *body]) for n in range(len(head))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in [head, *body]]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]) + "\n"


def heading(film, runs, cores):
    return (f"\n{film.seconds:.0f} s of {film.width}x{film.height} at {film.rate}/s, {len(film.media)} media and "
            f"{len(film.stills)} slides, {cores} cores; medians of {runs} run{'s' if runs != 1 else ''}\n")


def rows(lines):
    return markdown(list(COLUMNS), [line.cells() for line in lines])


def disturbance(lines, cores):
    """The part of the machine that was not there for the row that met most of it."""
    return max(line.cost.others / (line.cost.wall * cores) for line in lines)


def floor_parts(runs):
    medians = {name: statistics.median(run[name].cpu for run in runs) for name in runs[0]}
    return "floor, CPU s: " + ", ".join(f"{name} {seconds:.2f}" for name, seconds in medians.items()) + "\n"


def ratios(by_row, cores):
    """(figure, measured, goal, unit) of what can be said with the rows that there are; the goal is an upper bound,
    a lower one where it is negative, and none for what only says what can be reached."""
    all_workers, one, base = by_row.get("rostrum-all"), by_row.get("rostrum-1"), by_row.get("floor")
    if all_workers is None:
        return
    cost = all_workers.cost
    if base:
        yield "CPU against the floor, all workers", cost.cpu / base.cost.cpu, 1.20, ""
        yield "wall against floor/cores", cost.wall / (base.cost.cpu / cores), 1.25, ""
    if verified := by_row.get("rostrum-verified"):
        yield "CPU with the quick verify", verified.cost.cpu / cost.cpu, 1.05, ""
    if base and one:
        yield "CPU against the floor, 1 worker", one.cost.cpu / base.cost.cpu, 1.20, ""
    for row, goal in (("ffmpeg", 0.5), ("melt", 0.25), ("ges", 0.5)):
        if row in by_row:
            yield f"wall against {row}", cost.wall / by_row[row].cost.wall, goal, ""
            if base:
                yield f"wall of floor/cores against {row}", base.cost.cpu / cores / by_row[row].cost.wall, None, ""
    if core := by_row.get("rostrum-core"):
        yield f"speed-up from 1 to {cores} cores", core.cost.wall / cost.wall, -0.9 * cores, ""
    if one:
        yield f"speed-up from 1 to {cores} workers", one.cost.wall / cost.wall, -0.9 * cores, ""
    yield "peak memory of a worker", cost.children / MEGA, 250, " MB"
    yield "peak memory of the parent", cost.parent / MEGA, 80, " MB"
    yield "scratch disk against the output", cost.scratch / all_workers.output, 1.2, ""


def goals(by_row, cores):
    """Wall times of a busy machine reach and miss nothing."""
    body, busy = [], disturbance(by_row.values(), cores)
    for figure, measured, goal, unit in ratios(by_row, cores):
        if goal is None:
            body.append([figure, f"{measured:.2f}", "", ""])
            continue
        reached = "yes" if (measured <= goal if goal > 0 else measured >= -goal) else "NO"
        if busy > QUIET and figure.startswith(("wall", "speed-up")):
            reached = "? (busy)"
        digits = 0 if unit else 2
        bound = f"{'≤' if goal > 0 else '≥'} {abs(goal):.{digits}f}{unit}"
        body.append([figure, f"{measured:.{digits}f}{unit}", bound, reached])
    others = f"other processes took up to {100 * busy:.0f} % of the cores meanwhile\n"
    return others + ("\n" + markdown(["figure", "measured", "goal", "reached"], body) if body else "")
