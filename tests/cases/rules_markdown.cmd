# A Markdown summary: nothing of a configuration is markup in it.
cp "$top/tests/cases/rules.iptables" gw.rules
fwproof rules --markdown --checks RUL-001,RUL-002,EXP-001 gw.rules
