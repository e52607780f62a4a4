# Which rule decides a packet, on the command line and from a table.
cat >gw.rules <<'END'
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
-A FORWARD -s 192.0.2.0/24 -j DROP
-A FORWARD -i eth0 -p tcp --dport 443 -j ACCEPT
COMMIT
END
printf 'hook,in,source,destination,protocol,destination_port\nforward,eth0,192.0.2.1,10.0.0.1,tcp,443\nforward,eth0,,10.0.0.1,tcp,443\n' >packets.csv
fwproof trace gw.rules 'tcp 198.51.100.1:1024 -> 10.0.0.1:443 in=eth0 hook=forward'
fwproof trace --json gw.rules --packets packets.csv
