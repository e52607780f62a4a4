# shellcheck shell=sh
# Comparing an output with the file that was reviewed. BLESS=1 writes the file instead.

# golden NAME ACTUAL EXPECTED
golden()
{
    if [ "${BLESS-}" = 1 ]; then
        if ! cmp -s "$2" "$3"; then
            cp "$2" "$3"
            echo "blessed $3"
        fi
    elif [ ! -f "$3" ]; then
        echo "not ok $1: $3 does not exist; look at the output, then bless it"
    elif cmp -s "$2" "$3"; then
        echo "ok $1"
    else
        diff -u "$3" "$2" | head -n 60
        line=$(cmp "$2" "$3" 2>&1 | sed 's/.* line \([0-9]*\).*/\1/')
        echo "not ok $1: differs from $3 at line $line"
    fi
}
