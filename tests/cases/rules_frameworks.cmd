# One row an item of each law or standard and check.
cp "$top/tests/cases/rules.iptables" gw.rules
fwproof rules --frameworks --checks RUL-001,RUL-002,EXP-001 gw.rules
