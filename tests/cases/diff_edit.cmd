# What if: lines of one configuration are gone, replaced, or joined by others; numbers are of the file as it is.
cp "$top/tests/cases/rules.iptables" old.rules
fwproof diff old.rules --edit 'delete 7'
echo "exit $?"
fwproof diff old.rules --edit 'insert 7 -A FORWARD -s 10.1.2.0/24 -j ACCEPT
delete 7
replace 11 -A FORWARD -i eth0 -j ACCEPT' >two
echo "exit $?"
sed -e 's/^-A FORWARD -s 10.0.0.0.8 -j DROP/-A FORWARD -s 10.1.2.0\/24 -j ACCEPT/' \
    -e 's/^-A FORWARD -j ACCEPT/-A FORWARD -i eth0 -j ACCEPT/' old.rules >new.rules
fwproof diff old.rules new.rules >one
diff one two | grep '^[<>]'
# The same rule of another device, by its own words.
printf 'access-list in extended deny tcp any any eq 23\naccess-list in extended permit ip any any' >asa.cfg
fwproof diff --csv --format cisco-asa asa.cfg --edit 'insert 3 access-list in extended deny ip any any'
fwproof diff --csv --format cisco-asa asa.cfg --edit 'insert 2 access-list in extended deny tcp any host 192.0.2.1 range 20 25'
for edit in '' 'delete' 'delete 0' 'delete 14' 'delete 2-1' 'insert 15 x' 'insert 3-4 x' 'insert 3' 'delete 3 x' 'move 3 4' 'delete 3
delete 2-3'; do
    fwproof diff old.rules --edit "$edit"
    echo "exit $?"
done
fwproof diff old.rules
fwproof diff old.rules old.rules --edit 'delete 3'
