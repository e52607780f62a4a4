# What changed between two rulesets, on a terminal of 80 cells, in both languages.
cp "$top/tests/cases/rules.iptables" old.rules
sed -e 's/^-A FORWARD -s 10.0.0.0.8 -j DROP/-A FORWARD -s 10.0.0.0\/9 -i eth+ -j DROP/' \
    -e 's/--dport 22 -j ACCEPT/-m set --match-set admins src &/' -e 's/:INPUT DROP/:INPUT ACCEPT/' \
    -e '/^-A FORWARD -j ACCEPT/d' old.rules >new.rules
fwproof diff old.rules new.rules
echo "exit $?"
fwproof diff --lang zh-TW old.rules new.rules
