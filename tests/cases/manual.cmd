# The man page has every command and every option once.
fwproof --man >fwproof.1
for name in $(fwproof --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
    grep -c "^\.SS $name$" fwproof.1
done | sort -u
sed -n '/^\.SH OPTIONS/,/^\.SH EXIT/p' fwproof.1 | grep '^\\fB' | sort | uniq -d
