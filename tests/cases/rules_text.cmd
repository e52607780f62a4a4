# What a review of a ruleset looks like on a terminal of 80 cells.
cp "$top/tests/cases/rules.iptables" gw.rules
fwproof rules gw.rules
