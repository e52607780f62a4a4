# An option that the command does not take.
fwproof parse --jsn x
