"""The command-line programs: they parse, call the pipeline and print."""
