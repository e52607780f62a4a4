# shellcheck shell=sh
# What the checks share. Each is given TMP, a scratch folder; TMP/files lists the tree's files.

lint_files()
{
    if git rev-parse --git-dir >/dev/null 2>&1; then
        # New files count before they are committed.
        git ls-files --cached --others --exclude-standard | while IFS= read -r path; do
            [ ! -f "$path" ] || echo "$path"
        done
    else
        find . -type f ! -path './build*' | sed 's,^\./,,'
    fi | LC_ALL=C sort
}

# verdict NAME: every line on standard input is a complaint; none is "ok NAME".
verdict()
{
    awk -v name="$1" '
        { print "not ok " name ": " $0 }
        END { if (NR == 0) print "ok " name }'
}

# The stems of a .def file: MACRO(folder, stem) is folder/stem.
stems()
{
    sed -n 's/^FW_[A-Z]*(\([a-z0-9_]*\))$/\1/p
        s/^FW_[A-Z]*(\([a-z0-9_]*\), \([a-z0-9_]*\))$/\1\/\2/p' "$1"
}
