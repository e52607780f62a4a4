# Every verdict is shown again, by a packet or a certificate, and counted.
cp "$top/tests/cases/rules.iptables" gw.rules
fwproof rules --prove --checks RUL-002 gw.rules | grep -A 1 'judged'
fwproof rules --prove --checks RUL-002 --lang zh-TW gw.rules | grep -A 1 '條並'
fwproof rules --prove --checks RUL-002 --json gw.rules | grep -A 7 '"proofs"'
fwproof rules --checks RUL-002 --json gw.rules | grep -c '"proofs"'
