# How often rules were hit: by their own log lines, where these say more than the counter; by the counter; by nothing.
cat >site.json <<'EOF'
{
  "agency": {"name": "測試機關", "id": "A.1", "level": "普"},
  "period": {"name": "2026Q2"}, "as_of": "2026-07-05", "timezone": "UTC", "profile": "quick",
  "zones": [{"name": "out", "trust": "untrusted", "interfaces": ["edge:eth0"]},
            {"name": "in", "trust": "internal", "interfaces": ["edge:eth1"]}],
  "devices": [{"name": "edge", "kind": "firewall", "owner": "somebody", "config": "edge.rules", "logs": "kern.log"}]
}
EOF
cat >edge.rules <<'EOF'
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -p tcp -m tcp --dport 443 -j LOG --log-prefix "WEB "
-A FORWARD -p tcp -m tcp --dport 443 -j ACCEPT
-A FORWARD -p tcp -m tcp --dport 22 -j LOG --log-prefix "SSH "
[1:60] -A FORWARD -p tcp -m tcp --dport 22 -j ACCEPT
-A FORWARD -p tcp -m tcp --dport 23 -j LOG --log-prefix "OLD "
-A FORWARD -p tcp -m tcp --dport 23 -j ACCEPT
[7:420] -A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT
-A FORWARD -p tcp -m tcp --dport 25 -j ACCEPT
COMMIT
EOF
for i in 1 2 3 4 5; do
    for hit in "WEB 443" "SSH 22"; do
        [ $i -lt 4 ] || [ "$hit" = "WEB 443" ] || continue
        echo "2026-06-0${i}T10:00:00Z edge kernel: ${hit% *} IN=eth0 OUT=eth1 SRC=198.51.100.7 DST=192.0.2.1 LEN=60" \
            "TOS=0x00 PREC=0x00 TTL=60 ID=1 DF PROTO=TCP SPT=4000$i DPT=${hit#* } WINDOW=64240 RES=0x00 SYN URGP=0"
    done
done >kern.log
fwproof review site.json --out packs --lang en --quiet >/dev/null 2>&1
awk -F '\t' '{ printf "%s %s: %s by %s\n", $2, $3, $10 == "" ? "none" : $10, $11 == "" ? "nothing" : $11 }' \
    packs/2026Q2/data/results/breadth.tsv
grep -o 'permitting rules: [^)]*)' packs/2026Q2/data/report/report.en.html
