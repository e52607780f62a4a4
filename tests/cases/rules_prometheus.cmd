# Metrics for the textfile collector.
cp "$top/tests/cases/rules.iptables" gw.rules
fwproof rules --prometheus --checks RUL-001,RUL-002,EXP-001 gw.rules
