"""`make conformance`: replays what was recorded of the real service."""

import sys

from tests.conformance.replay import main

if __name__ == "__main__":
    sys.exit(main())
