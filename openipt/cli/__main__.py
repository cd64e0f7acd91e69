"""`python -m openipt.cli`: the same as the command `openipt`."""

from openipt.cli import main

main()
