# Help names the commands that exist, and nothing else.
fwproof --help
