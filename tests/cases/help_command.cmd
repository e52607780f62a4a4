# Help of one command, from the tables.
fwproof trace --help
