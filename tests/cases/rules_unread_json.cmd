# A machine that asks gets its document even when nothing could be read: exit 2, and the input is there.
echo 'hello' >notes.txt
fwproof rules --json notes.txt >out; echo "exit $?"
sed -n '/"inputs"/,/"results"/p' out
