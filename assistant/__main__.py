"""`python -m assistant`: ask and search from the command line."""

import sys

from assistant.commands.assistant import main

if __name__ == "__main__":
    sys.exit(main())
