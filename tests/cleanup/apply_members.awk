# As apply.awk, for devices whose rules are rows of a listing, members of a zone, or elements that a person
# removes in pages. awk -f apply_members.awk SCRIPT CONFIG
function option(name, value) { # --NAME=VALUE or --NAME='VALUE'
    value = substr($0, index($0, "--" name "=") + length(name) + 3)
    if (substr(value, 1, 1) == "'") { return substr(value, 2, length(value) - 2) }
    sub(/ .*/, "", value)
    return value
}
FNR == 1 { file++ }

file == 1 && /^ufw --force delete / { row[$4] = 1; next }
file == 1 && /^firewall-cmd --permanent / {
    match($0, /--remove-[a-z-]*=/)
    kind = substr($0, RSTART + 9, RLENGTH - 10)
    zone_at = option(index($0, "--zone=") ? "zone" : "policy")
    member[zone_at, kind, option("remove-" kind)] = 1
    next
}
# "delete the rule with tracking ID 12; ..." "edit the rule with UUID r1; Description "..."; ..."
file == 1 && /^Firewall > / {
    match($0, /(tracking ID|UUID) [^;]*/)
    name = substr($0, RSTART, RLENGTH)
    sub(/^(tracking ID|UUID) /, "", name)
    if (/: delete the rule /) { gone[name] = 1 }
    else {
        text = substr($0, index($0, "Description \"") + 13)
        sub(/"; .*/, "", text)
        told[name] = text
    }
    next
}
file == 1 && /^curl .*\/del_rule\// { sub(/.*\/del_rule\//, ""); gone[$0] = 1; next }
file == 1 && /^System > / { user[$NF] = 1; next }
file == 1 { next }

/^\[ *[0-9]+\]/ { number = $0; gsub(/^\[ *|\].*/, "", number); if (number in row) { next } }
/^[^ \t<\[].*/ && !/:/ { zone = $1 }
FNR == 1 && /^<\?xml/ { zone = zone_at } # a zone's file has its name
/^  [a-z -]+:/ {
    key = $0
    gsub(/^ *|:.*/, "", key)
    single = key
    sub(/s$/, "", single)
    kept = substr($0, 1, index($0, ":"))
    n = split(substr($0, index($0, ":") + 1), word, " ")
    for (i = 1; i <= n; i++) { if (!((zone, single, word[i]) in member)) { kept = kept " " word[i] } }
    print n ? kept : $0
    next
}
/^[ \t]+rule / { text = $0; gsub(/^[ \t]+|[ \t]+$/, "", text); if ((zone, "rich-rule", text) in member) { next } }
/^ *<(service|port|protocol|source-port|icmp-block) .*\/>/ {
    kind = $1
    sub(/^</, "", kind)
    split($0, piece, "\"")
    value = piece[2] (kind ~ /port$/ ? "/" piece[4] : "")
    if ((zone, kind, value) in member) { next }
}
# pfSense, OPNsense: an element is held back until it is known which one it is
/^ *<(rule|user)([ >])/ && !holding { holding = 1; held = ""; name = ""; if (/uuid="/) { name = $0; gsub(/.*uuid="|".*/, "", name) } }
holding {
    if (/<tracker>/) { name = $0; gsub(/.*<tracker>|<\/tracker>.*/, "", name) }
    if (/<name>/) { account = $0; gsub(/.*<name>|<\/name>.*/, "", account) }
    ends = /<\/(rule|user)>/
    if (ends && name in told) {
        gsub(/ *<(descr|description)>[^\n]*\n/, "", held)
        held = held "<" (held ~ /<tracker>/ || held !~ /<enabled>/ ? "descr" : "description") ">" told[name] \
            "</" (held ~ /<tracker>/ || held !~ /<enabled>/ ? "descr" : "description") ">\n"
    }
    held = held $0 "\n"
    if (ends) {
        dropped = /<\/user>/ ? account in user : name in gone
        if (!dropped) { printf "%s", held }
        holding = 0
    }
    next
}
{ print }
