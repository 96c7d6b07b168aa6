"""`python -m yueban` is the `yueban` command."""

import sys

from yueban.cli import main

sys.exit(main())
