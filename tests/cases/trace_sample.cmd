# Packets drawn from what the rules name: the same seed draws the same, and the way is shown.
cat >gw.rules <<'END'
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:services - [0:0]
-A FORWARD -s 192.0.2.0/24 -j DROP
-A FORWARD -i eth0 -j services
-A FORWARD -m limit --limit 3/min -p icmp -j ACCEPT
-A services -p tcp --dport 443 -j ACCEPT
-A services -p udp -j RETURN
COMMIT
END
fwproof trace gw.rules --sample 6
fwproof trace gw.rules --sample 40 --json | cksum >one
fwproof trace gw.rules --sample 40 --json --seed 1 | cksum >two
fwproof trace gw.rules --sample 40 --json --seed 2 | cksum >three
cmp one two && cmp one three
fwproof trace gw.rules --sample 300 --json | sed 's/,"rule.*//' | sort | uniq -c
fwproof trace gw.rules --sample -1
fwproof trace gw.rules --sample 10000001
