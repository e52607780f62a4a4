# What a device makes of commands that mend rules, on the text of its configuration: prints the
# configuration without the rules that go, and with those that come. awk -f apply.awk SCRIPT CONFIG
function word_of(text, n, word) { split(text, word, " "); return word[n] }
# A port has a name and a number: to a device they are one.
function spelled(text) { gsub(/ eq www/, " eq 80", text); gsub(/ eq domain/, " eq 53", text); return text }
FNR == 1 { file++ }

file == 1 && /^ip6?tables -t [^ ]* -I / { # iptables -t TABLE -I CHAIN NUMBER RULE: all at one place
    key = $3 "/" $5
    before[key, $6] = before[key, $6] "-A " $5 substr($0, index($0, " " $6 " ") + length($6) + 1) "\n"
    next
}
file == 1 && /^ip6?tables -t [^ ]* -R / { # iptables -t TABLE -R CHAIN NUMBER RULE
    instead[$3 "/" $5, $6] = "-A " $5 substr($0, index($0, " " $6 " ") + length($6) + 1)
    next
}
file == 1 && /^ip6?tables -t [^ ]* -A / { # at the end of its chain
    behind[$3] = behind[$3] substr($0, index($0, "-A ")) "\n"
    next
}
file == 1 && /^nft add rule / { # nft add rule FAMILY TABLE CHAIN RULE
    at = $4 " " $5 " " $6
    last[at] = last[at] substr($0, index($0, " " $5 " " $6 " ") + length($5 $6) + 3) "\n"
    next
}
file == 1 && /^nft insert rule / { # nft insert rule FAMILY TABLE CHAIN handle NUMBER RULE
    at = $4 " " $5 " " $8
    ahead[at] = ahead[at] substr($0, index($0, " handle " $8 " ") + length(" handle " $8 " ")) "\n"
    next
}
# Cisco: "line 3" and sequence numbers say where; the configuration may say so at its end.
file == 1 && /^access-list / { more = more $0 "\n"; next }
file == 1 && /^ ((sequence )?[0-9]+ )?(deny|remark) / { more = more mode "\n" $0 "\n"; next }
file == 1 && /^ip6?tables -t / { # iptables -t TABLE -D CHAIN NUMBER: numbers as of now, in this order
    deletions++
    table[deletions] = $3
    chain[deletions] = $5
    number[deletions] = $6
    next
}
file == 1 && /^nft replace rule / { # nft replace rule FAMILY TABLE CHAIN handle NUMBER 'RULE'
    at = $4 " " $5 " " $8
    text = substr($0, index($0, "'") + 1)
    instead_of[at] = substr(text, 1, length(text) - 1) " # handle " $8
    next
}
file == 1 && /^nft delete (set|map) / { gone_set[$4 " " $5 " " $3 " " $6] = 1; next } # ... FAMILY TABLE NAME
file == 1 && /^nft delete rule / { # nft delete rule FAMILY TABLE CHAIN handle NUMBER
    handle[$4 " " $5 " " $8] = 1
    next
}
# ip access-list NAME / no NUMBER / exit; also for lists that are written "access-list 101 ..."
file == 1 && /^ip(v6)? access-list / { list = $NF; mode = $0; next }
file == 1 && /^ no / { entry[list, spelled(substr($0, 5))] = 1; next }
file == 1 && /^no username / { user[$3] = 1; next }
file == 1 && /^no access-list [^ ]+$/ { list_gone[$3] = 1; next }
file == 1 && /^no / { gone[spelled(substr($0, 4))] = 1; next }
file == 1 && /^clear configure access-list / { list_gone[$4] = 1; next }
file == 1 && /^config (global|vdom)/ { next }
file == 1 && /^edit / && section == "" { domain = $2; next }
file == 1 && /^edit / { edited = $2; next }
file == 1 && /^config / { section = $2 " " $3; next }
file == 1 && /^set comments / { told[domain "/" section "/" edited] = $0; next }
# set PATH description "TEXT"
file == 1 && /^set .* description "/ {
    path_end = index($0, " description \"")
    name = substr($0, 5, path_end - 5)
    text = substr($0, path_end + 14)
    gsub(/"/, "", name)
    described[name] = substr(text, 1, length(text) - 1)
    more_set = more_set $0 "\n"
    next
}
file == 1 && /^delete user / { gaia_user[$3] = 1; next }
# delete PATH NAME: set commands, braces and XML are told by the path
file == 1 && /^delete / && NF > 2 {
    gsub(/"/, "")
    delete_path[substr($0, 8)] = 1
    next
}
file == 1 && /^delete / { gsub(/"/, ""); delete_id[domain "/" section "/" $2] = 1; next }
file == 1 { if ($1 == "end") { section = "" } next }

{ line[FNR] = $0; lines = FNR }

END {
    # iptables-save: the rules of each chain, by their place
    for (i = 1; i <= lines; i++) {
        text = line[i]
        sub(/^\[[0-9:]*\] /, "", text)
        if (text ~ /^\*/) { now = substr(text, 2) }
        if (text ~ /^-A /) {
            split(text, word, " ")
            name = word[2]
            gsub(/"/, "", name)
            key = now "/" name
            place[key, ++rules[key]] = i
            if ((key, rules[key]) in instead) { line[i] = instead[key, rules[key]] }
            if ((key, rules[key]) in before) { line[i] = before[key, rules[key]] line[i] }
        }
    }
    for (d = 1; d <= deletions; d++) {
        key = table[d] "/" chain[d]
        k = number[d]
        skip[place[key, k]] = 1
        for (; k < rules[key]; k++) { place[key, k] = place[key, k + 1] }
        rules[key]--
    }
    depth = 0
    for (i = 1; i <= lines; i++) {
        text = line[i]
        sub(/\r$/, "", text)
        gsub(/^[ \t]+|[ \t]+$/, "", text)
        if (with_head && line[i] ~ /^ /) { continue }
        with_head = 0
        if (spelled(text) in gone) { with_head = line[i] !~ /^ /; continue }
        if (word_of(text, 1) == "username" && word_of(text, 2) in user) { continue }
        if (word_of(text, 1) == "access-list" && word_of(text, 2) in list_gone) { continue }
        if (text ~ /^(add|set) (rba )?user / && word_of(text, text ~ / rba / ? 4 : 3) in gaia_user) { continue }
        if (text ~ /^\*/) { table_now = substr(text, 2) }
        if (text == "COMMIT") { printf "%s", behind[table_now] }
        if (text ~ /^chain [^ ]+ \{/) { chain_now = word_of(text, 2) }
        if (text == "}" && chain_now != "") {
            printf "%s", last[now " " chain_now]
            chain_now = ""
        }
        if (text ~ /^table /) { split(text, word, " "); now = word[2] " " word[3] }
        n = split(text, word, " ")
        if (n > 3 && word[n - 1] == "handle" && (now " " word[n]) in handle) { continue }
        if (n > 3 && word[n - 1] == "handle") { printf "%s", ahead[now " " word[n]] }
        if (n > 3 && word[n - 1] == "handle" && (now " " word[n]) in instead_of) { line[i] = instead_of[now " " word[n]] }
        if (text ~ /^(set|map) [^ ]+ \{/ && (now " " word[1] " " word[2]) in gone_set) { in_set = 1 }
        if (in_set) { in_set = text != "}"; continue }
        if (line[i] ~ /^ip(v6)? access-list /) { list = word[n] }
        else if (line[i] ~ /^[^ !]/) { list = "" }
        if (list != "" && ((list, spelled(text)) in entry || (list, word[1]) in entry ||
                           (list, word[1] " " word[2]) in entry)) { continue }
        if (word[1] == "access-list" && (word[2], spelled(substr(text, length("access-list " word[2]) + 2))) in entry) {
            continue
        }
        # Junos: a block that stands at a deleted path
        if (text ~ /\{$/) {
            head = text
            gsub(/(replace|inactive|protect): |"| *\{$/, "", head)
            block[++blocks] = head
            at = block[1]
            for (k = 2; k <= blocks; k++) { at = at " " block[k] }
            if (at in described) {
                line[i] = line[i] "\ndescription \"" described[at] "\";"
                noted = blocks
            }
            if (!gone_block && at in delete_path) { gone_block = blocks }
        }
        if (text ~ /^description / && noted && noted == blocks) { continue } # the one before
        if (text ~ /;$/ && blocks) {
            bare = text
            sub(/;$/, "", bare)
            for (k = blocks; k > 0; k--) { bare = block[k] " " bare }
            dead = 0
            for (one in delete_path) { dead = dead || index(bare " ", one " ") == 1 }
            if (dead) { continue }
        }
        was_gone = gone_block
        if (text == "}") {
            if (gone_block == blocks) { gone_block = 0 }
            if (noted == blocks) { noted = 0 }
            blocks--
        }
        if (was_gone) { continue }
        # PAN-OS, Junos: a command that goes on from a deleted path; an element that stands at one
        commands = commands || line[i] ~ /^set /
        if (text ~ /^(set|move|deactivate) /) {
            bare = substr(text, index(text, " ") + 1) " "
            gsub(/"/, "", bare)
            dead = 0
            for (one in delete_path) { dead = dead || index(bare, one " ") == 1 }
            if (dead) { continue }
        }
        if (text ~ /^</) {
            if (text ~ /^<[a-z]/) {
                name = text
                if (!sub(/^<entry name="/, "", name)) { sub(/^</, "", name) }
                sub(/[">].*/, "", name)
                element[++elements] = name
                if (!gone_at) {
                    at = ""
                    for (k = 1; k <= elements; k++) {
                        if (element[k] ~ /^(config.*|devices|localhost\.localdomain)$/) { continue }
                        at = at (at == "" ? "" : " ") element[k]
                    }
                    if (at in delete_path) { gone_at = elements }
                    if (at in described) {
                        line[i] = line[i] "\n<description>" described[at] "</description>"
                        noted_at = elements
                    }
                }
            }
            was_gone = gone_at
            if (text ~ /<\// || text ~ /\/>$/) {
                if (gone_at == elements) { gone_at = 0 }
                if (noted_at == elements) { noted_at = 0 }
                elements--
            }
            if (was_gone || (noted_at && elements == noted_at && name == "description")) { continue }
        } else if (gone_at) { continue }
        # FortiOS: config and edit open, end and next close
        if (text ~ /^config /) { path[++depth] = substr(text, 8); kind[depth] = "config" }
        if (text ~ /^edit /) {
            path[++depth] = substr(text, 6)
            kind[depth] = "edit"
            gsub(/"/, "", path[depth])
            at = depth == 2 ? "/" path[1] "/" path[2] \
                : depth == 3 && path[1] == "global" ? "/" path[2] "/" path[3] \
                : depth == 4 && path[1] == "vdom" ? path[2] "/" path[3] "/" path[4] : ""
            if (at in delete_id) { deleting = depth }
            if (at in told) { line[i] = line[i] "\n" told[at]; commented = depth }
        }
        if (commented && text ~ /^set comments /) { continue }
        if (!(i in skip) && !deleting) { print line[i] }
        if (text == "next" || text == "end") {
            if (commented && depth <= commented) { commented = 0 }
            if (text == "end" && kind[depth] == "edit" && depth > 0) { depth-- }
            if (deleting && depth <= deleting) { deleting = 0 }
            depth -= depth > 0
        }
    }
    printf "%s", more
    if (commands) { printf "%s", more_set }
}
