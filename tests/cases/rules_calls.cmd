# A rule is dead because of one in a chain: which one it is, and by what calls it is met.
cat >fw.rules <<'END'
*filter
:FORWARD DROP [0:0]
:A - [0:0]
:B - [0:0]
-A FORWARD -s 10.0.0.0/9 -j A
-A FORWARD -s 192.0.2.0/24 -p tcp -j A
-A FORWARD -s 10.128.0.0/9 -j B
-A FORWARD -s 10.0.0.0/8 -p tcp --dport 80 -j DROP
-A B -j A
-A A -j ACCEPT
COMMIT
END
fwproof rules --checks RUL-001 fw.rules
fwproof rules --json --checks RUL-001 fw.rules | sed -n '/^      "because"/,/^      "certainty"/p'
