"""``python -m retrograd`` is the `retrograd` command; with a target alone it shows stages.

``python -m retrograd model.py:f --after adjoint`` is ``retrograd stages model.py:f --after adjoint``.
"""

import sys

from retrograd.cli import main

if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments and arguments[0].partition(":")[0].endswith(".py"):
        arguments.insert(0, "stages")
    main(arguments, prog_name="python -m retrograd")
