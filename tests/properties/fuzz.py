"""Judge thousands of random programs, in parallel processes.

    python -m tests.properties.fuzz --programs 5000 --seed 7

Prints what fails as it comes, then how many were right, refused (by code), wrong or crashed, and the
time. One program of each kind of failure is saved, whole and made smaller. Exits 1 on wrong or crash.
"""

import argparse
import sys
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from tests.properties.judge import (
    ESSENTIAL,
    WAYS,
    Crash,
    Failure,
    Refused,
    Unjudged,
    Wrong,
    judge,
)
from tests.properties.programs import random_program
from tests.properties.reduction import reduced, time_limit

#: A program that takes longer is not judged.
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of program number `number`: ``right``, ``unjudged``, or the kind of failure."""

    number: int
    word: str
    sort: str = ""
    way: str = ""

    @property
    def kind(self) -> tuple[str, str, str]:
        """What failures have in common that have one cause, perhaps."""
        return self.word, self.sort, self.way


WORDS: Mapping[type[Failure], str] = {Wrong: "wrong", Crash: "crash", Refused: "refused"}


def verdict(number: int, *, seed: str) -> Verdict:
    """What becomes of one program."""
    random = Random(f"{seed}:{number}")
    program = random_program(random)
    ways = WAYS if number % 4 == 0 else ESSENTIAL
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with time_limit(SECONDS):
                judge(program, ways)
        except (Unjudged, TimeoutError) as nothing:
            return Verdict(number, "unjudged", f"{nothing}".split(" ")[0])
        except Failure as failure:
            return Verdict(number, WORDS[type(failure)], failure.sort, failure.way)
    return Verdict(number, "right")


def saved(kind_and_number: tuple[tuple[str, str, str], int], *, seed: str, folder: Path) -> str:
    """The text of a program that fails, made smaller; both are saved in `folder`."""
    (word, sort, _), number = kind_and_number
    program = random_program(Random(f"{seed}:{number}"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            judge(program, WAYS)
    except Failure as failure:
        small = reduced(program, failure, 40.0)
        path = folder / f"{word}_{sort}_{seed}_{number}.py".replace(" ", "_")
        whole = f'"""{failure}\n\nBefore it was made smaller:\n\n{program}"""'.replace("\\", "/")
        path.write_text(f"{small}\n\n{whole}\n", encoding="utf-8")
        return f"{path}\n{failure}\n{small}"
    return f"program {number} is right the second time"


def main(arguments: Sequence[str]) -> int:
    """Judge as many as asked for; the exit status."""
    parser = argparse.ArgumentParser(prog="fuzz", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--programs", type=int, default=5000, metavar="N")
    parser.add_argument("--seed", default="0", metavar="S")
    parser.add_argument("--first", type=int, default=0, metavar="K", help="begin with number K")
    parser.add_argument("--processes", type=int, default=2, metavar="P")
    parser.add_argument("--save", type=Path, default=Path("fuzz-failures"), metavar="FOLDER")
    parser.add_argument(
        "--each", type=int, default=1, metavar="N", help="failures of each kind to make smaller"
    )
    parser.add_argument(
        "--refused", action="store_true", help="make smaller what was refused as well"
    )
    options = parser.parse_args(arguments)
    began = time.monotonic()
    numbers = range(options.first, options.first + options.programs)
    kinds: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    with ProcessPoolExecutor(options.processes) as pool:
        for one in pool.map(partial(verdict, seed=options.seed), numbers, chunksize=8):
            kinds[one.kind].append(one.number)
            if one.word in ("wrong", "crash"):
                print(f"{one.word}: {one.sort} ({one.way}), number {one.number}", flush=True)
        seconds = time.monotonic() - began
        shown = ("wrong", "crash", "refused") if options.refused else ("wrong", "crash")
        chosen = [(kind, n) for kind, ns in kinds.items() for n in ns[: options.each]]
        chosen = [one for one in chosen if one[0][0] in shown]
        if chosen:
            options.save.mkdir(parents=True, exist_ok=True)
            shrink = partial(saved, seed=options.seed, folder=options.save)
            for text in pool.map(shrink, chosen):
                print(f"{'-' * 80}\n{text}\n")
    print(summary(kinds, options.programs))
    print(f"{options.programs} programs, seed {options.seed}, {seconds:.0f} s")
    return 1 if any(kind[0] in ("wrong", "crash") for kind in kinds) else 0


def summary(kinds: Mapping[tuple[str, str, str], Sequence[int]], programs: int) -> str:
    """One line for each kind of outcome, and one for each word."""
    words: Counter[str] = Counter()
    lines = []
    for (word, sort, way), numbers in sorted(kinds.items(), key=lambda item: -len(item[1])):
        words[word] += len(numbers)
        if sort:
            some = ", ".join(map(str, numbers[:5]))
            lines.append(f"  {len(numbers):5} {word}: {sort} {way and f'({way})'}  number {some}")
    for word in ("right", "unjudged", "refused", "wrong", "crash"):
        share = f"{100 * words[word] / programs:.1f} %"
        lines.append(f"{word:9} {words[word]:6}  {share}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
