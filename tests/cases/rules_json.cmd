# The keys that pipelines read, in their order.
cp "$top/tests/cases/rules.iptables" gw.rules
fwproof rules --json --checks RUL-001,RUL-002 gw.rules | sed 's/"rulesets_sha256": "[0-9a-f]*"/"rulesets_sha256": "..."/; s/"version": ".*"/"version": "..."/'
