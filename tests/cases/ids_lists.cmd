# What is known beside a sensor's own files: registers, zones, a feed of advisories, an earlier ledger.
cp "$top"/fixtures/agency/ids/rules/*.rules "$top"/fixtures/agency/ids/etc/* .
cp "$top"/fixtures/agency/records/tuning-register.csv "$top"/fixtures/agency/records/cases.csv .
cp "$top"/fixtures/agency/records/advisories-2026-06.json "$top"/fixtures/agency/records/advisory-decisions.csv .
printf 'zone,networks,trust,watched,sensor\n' >zones.csv
printf 'internet,,untrusted,,\ndmz,192.0.2.0/25,dmz,yes,ids1\n' >>zones.csv
printf 'office,10.20.0.0/17,internal,yes,ids1\nbranch,10.30.0.0/16,internal,yes,ids2\n' >>zones.csv
printf 'device,kind,signature,scope,reason,author,date,review_by,ticket,change\n' >before.csv
printf 'ids1,suppress,1:2900001,,,林維國,,,,\nids1,suppress,1:7,,old,Chen,2025-12-01,2026-12-01,,\n' >>before.csv
i=0
while [ $i -lt 26 ]; do
    printf '%02d/%02d-10:00:00.000000 [**] [1:2900002:3] DEMO SMB probe [**] [Priority: 2] {TCP} 198.51.100.7:4000 -> 10.20.1.1:445\n' $((6 + i / 21)) $(((i + 9 * (i < 21) - 21 * (i > 20)) + 1))
    i=$((i + 1))
done >alert.fast
printf '06/30-12:00:00.000000 [**] [1:2900001:2] DEMO web shell upload [**] [Priority: 1] {TCP} 198.51.100.7:4000 -> 10.20.1.2:80\n' >>alert.fast
fwproof ids --as-of 2026-07-05 --tz +08:00 --sensor ids1 .
# Without zones and feed nothing is known of them; what names no sensor is about this one.
rm advisories-2026-06.json zones.csv
printf 'zone,networks,trust,watched\noffice,10.20.0.0/17,internal,yes\n' >zones.csv
fwproof ids --as-of 2026-07-05 --tz +08:00 --checks IDS-001,IDS-005 --quiet . | grep -A3 '^[A-Z]* *IDS'
# A list with a mistake is refused, and said.
printf 'zone,networks,trust,watched\noffice,10.20.0.1/17,internal,yes\nlab,10.1.0.0/16,open,yes\n' >zones.csv
fwproof ids --as-of 2026-07-05 --tz +08:00 --checks IDS-001 zones.csv alert.fast
