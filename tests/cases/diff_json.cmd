# The keys of a comparison, in their order, and the same as CSV.
cp "$top/tests/cases/rules.iptables" old.rules
sed -e 's/^-A FORWARD -s 10.0.0.0.8 -j DROP/-A FORWARD -s 10.0.0.0\/9 -j DROP/' old.rules >new.rules
fwproof diff --json old.rules new.rules | sed 's/"version": ".*"/"version": "..."/'
fwproof diff --csv old.rules new.rules
