# Rules that were split, joined, moved or put into a chain are no difference.
cat >old.rules <<'END'
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -s 10.0.0.0/24 -p tcp -m tcp --dport 80 -j ACCEPT
-A FORWARD -s 10.0.1.0/24 -p tcp -m tcp --dport 80 -j ACCEPT
-A FORWARD -s 10.0.2.0/24 -j DROP
-A FORWARD -p udp -m udp --dport 53 -m limit --limit 5/s -j ACCEPT
COMMIT
END
cat >new.rules <<'END'
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:web - [0:0]
-A FORWARD -s 10.0.2.0/24 -j DROP
-A FORWARD -p tcp -m tcp --dport 80 -j web
-A FORWARD -p udp -m udp --dport 53 -m limit --limit 5/s -j ACCEPT
-A web -s 10.0.0.0/23 -j ACCEPT
COMMIT
END
fwproof diff old.rules new.rules
echo "exit $?"
echo '-A FORWARD --frob -j ACCEPT' >more
sed '/^-A FORWARD -s 10.0.2/r more' old.rules >unread.rules
fwproof diff old.rules unread.rules
echo "exit $?"
fwproof diff --strict old.rules unread.rules >out
