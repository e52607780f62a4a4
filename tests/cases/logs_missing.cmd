# A missing path is named and ends with 2 after the rest was answered.
printf '2026-05-01T08:00:00+08:00 gw1 kernel: FWD-DROP IN=eth0 OUT=eth1 SRC=192.0.2.7 DST=203.0.113.1 PROTO=TCP SPT=40000 DPT=22\n' >fw.log
fwproof logs --checks LOG-003 fw.log nowhere.log
