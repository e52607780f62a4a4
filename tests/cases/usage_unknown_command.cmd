# A command that does not exist: the nearest one is named, nothing is on standard output.
fwproof pasre x
