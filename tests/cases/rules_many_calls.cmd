# Sixty chains that each call the next twice, without an entry: more ways than anybody can walk.
{
    echo '*filter'
    echo ':INPUT DROP [0:0]'
    i=0
    while [ $i -lt 60 ]; do
        echo ":C$i - [0:0]"
        i=$((i + 1))
    done
    i=0
    while [ $i -lt 59 ]; do
        echo "-A C$i -j C$((i + 1))"
        echo "-A C$i -j C$((i + 1))"
        i=$((i + 1))
    done
    echo '-A C59 -j ACCEPT'
    echo 'COMMIT'
} >calls.rules
timeout 600 fwproof rules --checks EXP-001 calls.rules | grep EXP-001 | head -1
