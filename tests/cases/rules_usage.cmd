# Wrong checks, severities, languages and profiles are named before anything is read.
echo '*filter' >gw.rules
fwproof rules --checks RUL-01 gw.rules; echo "exit $?"
fwproof rules --checks VUL-001 gw.rules; echo "exit $?"
fwproof rules --fail-on hihg gw.rules; echo "exit $?"
fwproof rules --lang fr gw.rules; echo "exit $?"
fwproof rules --profile qick gw.rules; echo "exit $?"
fwproof rules --jsn gw.rules; echo "exit $?"
fwproof rules
