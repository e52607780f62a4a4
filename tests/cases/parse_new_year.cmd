# A file over New Year: its name says which, its lines turn the year; standard input has --as-of only.
line() { printf '%s gw kernel: DROP IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 PROTO=TCP SPT=1 DPT=%s\n' "$1" "$2"; }
{ line 'Dec 31 23:59:58' 1; line 'Jan  1 00:00:01' 2; line 'Dec 31 23:59:59' 3; line 'Jan 10 05:00:00' 4; } >fw.log-20250110
when() { sed 's/.*"@timestamp":"\([^"]*\)".*"line":\([0-9]*\),\(.*\)}/\2 \1 \3/'; }
fwproof parse --json --as-of 2026-07-05 --tz +08:00 fw.log-20250110 | when
fwproof parse --json --as-of 2026-07-05 --tz +08:00 --format netfilter-log - <fw.log-20250110 | when
