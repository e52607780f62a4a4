# Two devices log the same connections among others; one of their clocks is five seconds ahead.
awk 'BEGIN {
    for (i = 0; i < 900; i++) {
        t = i * 90 + (i * 7919) % 61
        a = i % 3 == 0 ? "7." i % 200 : "8." i % 200
        printf "2026-05-01T%02d:%02d:%02d.%03dZ gw1 kernel: FWD-ACCEPT IN=eth0 OUT=eth1 SRC=10.0.%s DST=192.0.2.1 PROTO=TCP SPT=%d DPT=443\n", int(t / 3600), int(t / 60) % 60, t % 60, (i * 37) % 1000, a, 20000 + i >"gw1.log"
        t += 5
        a = i % 3 == 0 ? "7." i % 200 : "9." i % 200
        printf "2026-05-01T%02d:%02d:%02d.%03dZ gw2 kernel: FWD-ACCEPT IN=eth0 OUT=eth1 SRC=10.0.%s DST=192.0.2.1 PROTO=TCP SPT=%d DPT=443\n", int(t / 3600), int(t / 60) % 60, t % 60, (i * 37 + i % 20) % 1000, a, 20000 + i >"gw2.log"
    }
}'
fwproof logs --tz +00:00 --checks TIM-004 .
fwproof logs --tz +00:00 --checks TIM-004 --lang zh-TW --json . | sed -n '/"clock"/,/^      }/p'
fwproof logs --tz +00:00 --checks TIM-004 --lang zh-TW --json . | grep '"message"' | sort -u
