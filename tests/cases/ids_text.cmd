# Rules and alerts of one sensor on a terminal.
cp "$top"/fixtures/agency/ids/rules/*.rules .
i=0
while [ $i -lt 12 ]; do
    printf '06/%02d-10:00:00.000000 [**] [1:2900002:3] DEMO SMB probe [**] [Classification: Attempted Information Leak] [Priority: 2] {TCP} 198.51.100.7:4000 -> 10.20.1.1:445\n' $((i + 10))
    i=$((i + 1))
done >alert.fast
printf '06/30-10:00:00.000000 [**] [1:2900001:2] DEMO web shell upload [**] [Priority: 1] {TCP} 198.51.100.7:4000 -> 10.20.1.2:80\n' >>alert.fast
fwproof ids --as-of 2026-07-05 --tz +08:00 .
