# Who counts days: a profile of rolling days, unless the user names months; profiles say how many months.
line() { printf '<6>1 %sT10:00:00Z fw1 - - - - %%ASA-6-302010: 1 in use\n' "$1"; }
ret() { fwproof logs --json --checks RET-001 --as-of 2026-07-05 "$@" fw.log 2>/dev/null | grep '^      "\(message\|measured\|target\)"'; }
for first in 2026-01-06 2026-01-07; do # 180 and 179 days
    { line $first; line 2026-07-05; } >fw.log
    ret --profile in-cert-2022
done
ret --profile in-cert-2022 --months 6
ret --profile cis-v8 --lang zh-TW
ret --profile pci-4.0.1
ret
