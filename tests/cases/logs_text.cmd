# Sources, days and gaps of bare files; without --as-of the newest event is the date counted from.
day=1
while [ $day -le 31 ]; do
    hour=0
    while [ $hour -lt 24 ]; do
        if [ $day -ne 12 ] || [ $hour -lt 6 ]; then
            printf '2026-05-%02dT%02d:%02d:00+08:00 gw1 kernel: FWD-DROP IN=eth0 OUT=eth1 SRC=192.0.2.7 DST=203.0.113.1 PROTO=TCP SPT=40000 DPT=22\n' $day $hour $((hour * 2))
        fi
        hour=$((hour + 1))
    done
    day=$((day + 1))
done >fw.log
printf 'unreadable\n' >>fw.log
fwproof logs --tz +08:00 fw.log
