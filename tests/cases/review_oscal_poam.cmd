# OSCAL of a small site: every UUID is made of what it names.
cp "$top/tests/cases/rules.iptables" edge.rules
cat >site.json <<'EOF'
{
  "agency": {"name": "測試機關", "id": "A.1", "level": "普"},
  "period": {"name": "2026Q2"}, "as_of": "2026-07-05", "timezone": "Asia/Taipei", "profile": "quick",
  "devices": [{"name": "edge", "kind": "firewall", "owner": "somebody",
               "config": {"file": "edge.rules", "taken": "2026-06-30"}}],
  "waivers": [{"check": "RUL-001", "reason": "to be removed", "by": "a manager", "compensating": "none",
               "approved": "2026-05-04", "expires": "2026-09-30"}]
}
EOF
fwproof review site.json --out packs --oscal-poam --checks RUL-001,EXP-001 --lang en --quiet |
    sed "/rulesets-sha256/,/value/s/[0-9a-f]\{64\}/(of the rulesets)/" |
    sed "/\"href\": \"rulesets\"/,/value/s/[0-9a-f]\{64\}/(of the rulesets)/"
