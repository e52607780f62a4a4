# A rule that came and went within the period is a change twice, though its first and last snapshot are equal.
cat >site.json <<'EOF'
{
  "agency": {"name": "測試機關", "id": "A.1", "level": "普"}, "tickets": "tickets.csv",
  "period": {"name": "2026Q2"}, "as_of": "2026-07-05", "timezone": "Asia/Taipei", "profile": "quick",
  "devices": [{"name": "edge", "kind": "firewall", "owner": "somebody",
               "config": [{"file": "0.rules", "taken": "2026-02-01"}, {"file": "1.rules", "taken": "2026-03-31"},
                          {"file": "2.rules", "taken": "2026-05-01"}, {"file": "3.rules", "taken": "2026-06-30"}]}]
}
EOF
rules()
{
    printf '*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n'
    for port in "$@"; do
        echo "-A FORWARD -p tcp -m tcp --dport $port -j ACCEPT"
    done
    echo COMMIT
}
rules 80 >0.rules # what changed before the period is not asked
rules 80 443 >1.rules
rules 80 443 22 >2.rules
rules 80 443 >3.rules
review()
{
    fwproof review site.json --out packs --checks CHG-001 --lang "$1" 2>/dev/null | sed -n '/CHG-001/,/^$/p'
}
columns=ticket,device,rule,change,requester,approver,implementer,approved,implemented,status
echo "$columns" >tickets.csv
review en
review zh-TW
for day in 2026-04-20 2026-06-10; do
    echo "CHG-$day,edge,-A FORWARD -p tcp -m tcp --dport 22 -j ACCEPT,,a,b,c,$day,$day,closed" >>tickets.csv
    review en
done
