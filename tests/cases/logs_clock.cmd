# What a time service and a device say of their clocks, beside no log at all: one is off, one is not.
cat >gw1-tracking.log <<'END'
2026-06-01 00:00:04 0.0.0.0          0     -4.812      0.233  0.000e+00 ?  0  0.000e+00 -0.000e+00
2026-06-01 00:00:09 192.0.2.123      3     -4.812      0.233  3.104e-04 N  1  8.120e-05 -0.000e+00
2026-06-02 00:00:09 192.0.2.123      3     -4.812      0.233  2.104e-04 N  1  8.120e-05 -0.000e+00
END
cat >edge-2026-06-30.txt <<'END'
Clock is synchronized, stratum 3, reference is 192.0.2.123
clock offset is -1500.25 msec, root delay is 1.20 msec
END
fwproof logs --tz +08:00 --checks TIM-002 .
fwproof logs --tz +08:00 --checks TIM-002 --lang zh-TW --csv .
fwproof parse edge-2026-06-30.txt gw1-tracking.log
