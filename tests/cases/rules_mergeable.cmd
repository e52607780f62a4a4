# Neighbours that one rule can replace: one prefix, one range of ports; not across another rule.
cat >gw.rules <<'END'
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT DROP [0:0]
-A FORWARD -s 10.0.0.0/24 -p tcp -m tcp --dport 80 -j ACCEPT
-A FORWARD -s 10.0.1.0/24 -p tcp -m tcp --dport 80 -j ACCEPT
-A FORWARD -s 10.0.2.0/23 -p tcp -m tcp --dport 80 -j ACCEPT
-A FORWARD -s 10.9.0.0/24 -p tcp -m tcp --dport 80 -j ACCEPT
-A FORWARD -d 192.0.2.1/32 -p udp -m udp --dport 100:119 -j ACCEPT
-A FORWARD -d 192.0.2.1/32 -p udp -m udp --dport 120:140 -j ACCEPT
-A FORWARD -s 172.16.0.0/16 -j ACCEPT
-A FORWARD -s 172.16.0.0/12 -p udp -j DROP
-A FORWARD -s 172.17.0.0/16 -j ACCEPT
COMMIT
END
fwproof rules --checks RUL-001 gw.rules
fwproof rules --checks RUL-001 --lang zh-TW gw.rules | sed -n '/可合併/,/^$/p'
fwproof rules --checks RUL-001 --json gw.rules | sed -n '/"mergeable"/,/"checks"/p' | head -40
