# 1 when something failed, 0 below --fail-on, 2 when a named file cannot be read although the rest was.
cp "$top/tests/cases/rules.iptables" gw.rules
fwproof rules --checks RUL-002 gw.rules >out; echo "exit $?"
fwproof rules --checks RUL-002 --fail-on high gw.rules >out; echo "exit $?"
fwproof rules --checks RUL-002 gw.rules missing.rules >out; echo "exit $?"
tail -n 3 out
echo 'hello' >notes.txt
fwproof rules notes.txt
