# One row a result, for spreadsheets; nothing in a cell is a formula.
cp "$top/tests/cases/rules.iptables" gw.rules
fwproof rules --csv --checks EXP-001,RUL-009 gw.rules
