"""Read documents into the index: `python ingest.py [PATH ...]`."""

import sys

from assistant.commands.ingest import main

if __name__ == "__main__":
    sys.exit(main())
