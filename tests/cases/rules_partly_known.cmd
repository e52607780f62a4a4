# One part of a rule is known, the other is a name that DNS would have to say: what is too much of it is not proven.
# A rule that the device brings along (intrazone-default) is nobody's finding.
cat >fw.set <<'END'
set deviceconfig system hostname pa1
set address web ip-netmask 192.0.2.10/32
set address all ip-netmask 0.0.0.0/0
set address news fqdn news.example.org
set zone trust network layer3 ethernet1/1
set zone untrust network layer3 ethernet1/2
set rulebase security rules out from trust
set rulebase security rules out to untrust
set rulebase security rules out source any
set rulebase security rules out destination [ web news ]
set rulebase security rules out application any
set rulebase security rules out service service-http
set rulebase security rules out action allow
set rulebase security rules wide from trust
set rulebase security rules wide to untrust
set rulebase security rules wide source any
set rulebase security rules wide destination [ all news ]
set rulebase security rules wide application any
set rulebase security rules wide service service-http
set rulebase security rules wide action allow
END
fwproof rules --checks EXP-003,EXP-004 --json fw.set | grep -E '^ *"(state|message)": "(FAIL|OPEN|PASS|pa1)' | sort | uniq -c | sed 's/^ *//'
fwproof rules --checks EXP-003,EXP-004 --lang zh-TW fw.set | tail -n 12
# A part of a configuration that does not say from where it is administered is no proof that it is from nowhere.
printf '%s\n' 'set installer policy check-for-updates-period 3' 'set hostname edge' >part.conf
fwproof rules --checks RAM-002 part.conf | grep ^Checks
