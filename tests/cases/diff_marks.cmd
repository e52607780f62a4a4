# Marks are followed: what a chain sets for the packets that do not return from it is the same as to
# ask for those packets, and a mark that a packet brings along counts where nobody set one.
cat >old.rules <<'END'
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:sort - [0:0]
-A FORWARD -j sort
-A FORWARD -m mark --mark 0x1 -j ACCEPT
-A sort -s 192.0.2.0/24 -j RETURN
-A sort -j MARK --set-xmark 0x1/0xffffffff
COMMIT
END
cat >new.rules <<'END'
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD ! -s 192.0.2.0/24 -j ACCEPT
-A FORWARD -m mark --mark 0x1 -j ACCEPT
COMMIT
END
fwproof diff old.rules new.rules; echo "exit $?"
sed 's/--set-xmark 0x1/--set-xmark 0x2/' old.rules >other.rules
fwproof diff old.rules other.rules; echo "exit $?"
