# Two formats: the one policy of each answers to the other; names settle it where there are more.
cat >asa.cfg <<'END'
ASA Version 9.16(4)
hostname edge
interface GigabitEthernet0/0
 nameif outside
 ip address 203.0.113.1 255.255.255.0
access-list OUTSIDE-IN extended permit tcp any host 192.0.2.10 eq 443
access-list OUTSIDE-IN extended permit udp any host 192.0.2.11 eq 53
access-group OUTSIDE-IN in interface outside
END
cat >gw.rules <<'END'
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -d 192.0.2.10/32 -p tcp -m tcp --dport 443 -j ACCEPT
-A FORWARD -d 192.0.2.11/32 -p tcp -m tcp --dport 53 -j ACCEPT
COMMIT
END
fwproof diff asa.cfg gw.rules --old-policy OUTSIDE-IN --new-policy FORWARD
echo "exit $?"
fwproof diff asa.cfg gw.rules --old-policy OUTSIDE-IN --new-policy FORWARDS
