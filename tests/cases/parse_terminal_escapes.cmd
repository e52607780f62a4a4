# What an attacker wrote into a log cannot move the terminal.
printf 'Jul  1 02:00:03 gw1 kernel: \033]0;owned\007FWD-DROP IN=eth0 OUT= SRC=192.0.2.7 DST=203.0.113.1 PROTO=TCP SPT=1 DPT=22\n' >fw.log
fwproof parse --as-of 2026-07-05 --tz +08:00 fw.log
