# A folder is searched; what is no configuration is said and passed over; equal host names stay apart.
mkdir configs
cp "$top/tests/cases/rules.iptables" configs/a.rules
cp "$top/tests/cases/rules.iptables" configs/b.rules
echo 'hello' >configs/README
fwproof rules --json --checks RUL-001 configs | grep -E '"(path|device|state)"'
