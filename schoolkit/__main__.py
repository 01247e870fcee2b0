"""``python -m schoolkit`` is the command ``schoolkit``."""

from .cli import main

raise SystemExit(main())
