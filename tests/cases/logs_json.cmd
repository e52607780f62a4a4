# The keys that pipelines read, in their order.
printf '2026-05-01T08:00:00+08:00 gw1 kernel: FWD-DROP IN=eth0 OUT=eth1 SRC=192.0.2.7 DST=203.0.113.1 PROTO=TCP SPT=40000 DPT=22\n' >fw.log
fwproof logs --json --as-of 2026-07-05 --tz +08:00 fw.log | sed 's/"rulesets_sha256": "[0-9a-f]*"/"rulesets_sha256": "..."/; s/"version": ".*"/"version": "..."/'
