# JUnit XML: what fails, what is skipped and why.
cp "$top/tests/cases/rules.iptables" gw.rules
fwproof rules --junit --checks RUL-001,RUL-002,EXP-001 gw.rules
