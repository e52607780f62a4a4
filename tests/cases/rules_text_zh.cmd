# The same in Chinese: wide characters keep their columns.
cp "$top/tests/cases/rules.iptables" gw.rules
fwproof rules --lang zh-TW gw.rules
