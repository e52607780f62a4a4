#!/bin/sh
# Checks review packs with stock tools only: POSIX sh, coreutils, cmp, diff, find, grep, sed and
# ssh-keygen; tar and gzip for archives; openssl (1.1.1 or later) for certificates and time stamps. Use
# your own copy of this script and of the keys: what lies in a pack could have been replaced together
# with the pack.
#
#   [ALLOWED=keys] [CA=pem] [CRL=pem] [TSA_CA=pem] [VERIFY_TIME=YYYYMMDDHHMMSSZ] \
#       [ALLOW_UNSIGNED=1] [HEAD=hash] sh verify.sh PACK [EARLIER...]
#
# CA, TSA_CA: certificates of the authorities behind people's certificates and behind time stamps.
# CRL: lists of revoked certificates, of the authorities in CA.
# EARLIER: every earlier pack, oldest first. ALLOWED: a file of lines like
#   wang@agency.gov.tw namespaces="fwproof-reviewer@v1" ssh-ed25519 AAAA...
# Exit: 0 whole and signed by trusted reviewer and manager, 1 anything else, 2 wrong use.
LC_ALL=C TZ=UTC0
export LC_ALL TZ
umask 077
# SHA-256 of the verify.sh of earlier releases:
KNOWN=''

# Every check ends in "|| die": with "set -e", "(a && b) && echo ok" would not stop when a fails.
die() { printf 'FAILED: %s\n' "$*"; exit 1; }
usage() { printf 'verify.sh: %s\n' "$*" >&2; exit 2; }
path() { case $1 in /*) printf '%s' "$1" ;; *) printf './%s' "$1" ;; esac; }
digest() { sha256sum < "$1" | cut -c1-64; }
field() { sed -n "s/^$2: //p" "$1/bag-info.txt"; }

[ $# -ge 1 ] || usage '[ALLOWED=keys] [VERIFY_TIME=...] sh verify.sh PACK [EARLIER...]'
[ -f "$0" ] || usage 'run it as a file: sh verify.sh PACK'
for f in "${ALLOWED-}" "${CA-}" "${CRL-}" "${TSA_CA-}"; do
    [ -z "$f" ] || [ -r "$f" ] || usage "cannot read $f"
done
for f in "${CA-}" "${TSA_CA-}"; do
    [ -z "$f" ] || grep -q '^-----BEGIN CERTIFICATE-----' "$f" || usage "no certificate in $f"
done
[ -z "${CRL-}" ] || grep -q '^-----BEGIN X509 CRL-----' "$CRL" || usage "no list in $CRL"
[ -z "${CRL-}" ] || [ -n "${CA-}" ] || usage 'CRL needs CA'
TIME='[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]Z'
[ -z "${VERIFY_TIME-}" ] || printf '%s\n' "$VERIFY_TIME" | grep -Exq "$TIME" ||
    usage 'VERIFY_TIME must read YYYYMMDDHHMMSSZ'
[ -z "${HEAD-}" ] || printf '%s\n' "$HEAD" | grep -Exq '[0-9a-f]{64}' ||
    usage 'HEAD must be 64 lower-case hexadecimal digits'
T=$(mktemp -d) || exit 2
trap 'rm -rf "$T"' EXIT
trap 'exit 2' HUP INT TERM

TAB=$(printf '\t') HASH='[0-9a-f]{64}' WORD='[A-Za-z0-9][A-Za-z0-9._-]{0,31}'
NAME='[A-Za-z0-9._@+-]+' DAY='[0-9]{8}([0-9]{4}([0-9]{2})?)?Z?'
OPTION="(namespaces=\"$NAME(,$NAME)*\"|valid-(after|before)=\"$DAY\")"
LINE="[A-Za-z0-9_][A-Za-z0-9._%+@-]{0,199} $OPTION(,$OPTION)*"
LINE="$LINE ((ssh|ecdsa|sk)-[a-z0-9@.-]* [A-Za-z0-9+/]+=?=?|x509-sha256 [0-9a-f]{64})"
TAGS='README.txt bag-info.txt bagit.txt manifest-sha256.txt verify.sh' # sorted

LOGHEAD=$(printf '%s\t' path device format stored_bytes decoded_bytes lines used ignored \
    unsupported bad container integrity sha256 first last first_day days)lines_root
CUSTODYHEAD=$(printf '%s\t' path device kind format sha256 bytes decoded_bytes lines container integrity sealed)sealed_sha256

# same FILE WHY: the file reads exactly as standard input does.
same() {
    cat > "$T/want"
    cmp -s "$T/want" "$1" || { diff "$1" "$T/want" | head -n 6 | cat -v; die "$2"; }
}
# plain FILE: no control characters but tab and newline.
plain() { tr -d '\000-\010\013-\037\177' < "$1" | cmp -s - "$1"; }
# lines FILE: plain, and the last line ends like the others.
lines() { plain "$1" && { [ ! -s "$1" ] || [ "$(tail -c 1 "$1" | wc -l)" -eq 1 ]; }; }

# tree: the Merkle root (RFC 6962) over the leaves' hashes on standard input.
tree() {
    cat > "$T/level"
    while [ "$(wc -l < "$T/level")" -gt 1 ]; do
        paste -d '\0' - - < "$T/level" > "$T/pairs"
        grep -Ex "$HASH$HASH" "$T/pairs" | sed 's/^/01/' | tr -d '\n' | tr a-f A-F |
            basenc --base16 -d | SHELL=/bin/sh split -b 65 --filter=sha256sum - |
            cut -c1-64 > "$T/level"
        grep -Ex "$HASH" "$T/pairs" >> "$T/level"
    done
    if [ -s "$T/level" ]; then cat "$T/level"; else sha256sum < /dev/null | cut -c1-64; fi
}
# logs: index.tsv is well formed, root.tsv is the root over its lines, custody.tsv says the same.
logs() {
    { [ -f data/logs/index.tsv ] && [ -f data/logs/root.tsv ] && [ -f data/custody.tsv ]; } ||
        die 'the index of the logs is not whole'
    { lines data/logs/index.tsv && [ "$(head -n 1 data/logs/index.tsv)" = "$LOGHEAD" ]; } ||
        die 'data/logs/index.tsv: not as it is written'
    sed 1d data/logs/index.tsv > "$T/rows"
    c="[^$TAB]*" n="(0|[1-9][0-9]{0,17})"
    days="($TAB$TAB$TAB|${c}[^$TAB]$TAB${c}[^$TAB]$TAB${c}[^$TAB]${TAB}1([01]*1)?)"
    row="$c$TAB$c$TAB$c($TAB$n){7}$TAB$c$TAB$c$TAB$HASH$TAB$days$TAB$HASH"
    ! grep -Evxq "$row" "$T/rows" || die 'data/logs/index.tsv: a line without its columns'
    cut -f6-10 "$T/rows" > "$T/counts"
    while read -r all used ignored unsupported bad; do
        [ "$all" -eq $((used + ignored + unsupported + bad)) ] ||
            die 'data/logs/index.tsv: line counts do not add up'
    done < "$T/counts"
    while IFS= read -r r; do
        { printf '\000'; printf '%s\n' "$r"; } | sha256sum
    done < "$T/rows" | cut -c1-64 | tree > "$T/root"
    printf 'files\troot\n%s\t%s\n' $(($(wc -l < "$T/rows"))) "$(cat "$T/root")" |
        same data/logs/root.tsv 'root.tsv is not the root over index.tsv' || exit 1
    # path, device, format, hash, bytes, decoded, lines, container, integrity of both
    cell="($c)$TAB"
    sed -En "s/^$cell${cell}log$TAB$cell$cell$cell$cell$cell$cell($c)$TAB$c$TAB$c\$/\
\1$TAB\2$TAB\3$TAB\5$TAB\6$TAB\7$TAB\8$TAB\9$TAB\4/p" data/custody.tsv |
        sed '/^$/d' > "$T/custody"
    cut -f1-6,11-13 "$T/rows" | cmp -s - "$T/custody" ||
        die 'the index of the logs and custody.tsv name different logs'
}

# copies: the sealed copies of inputs are those that custody.tsv names, by their original's hash.
copies() {
    : > "$T/said"
    if [ -f data/custody.tsv ]; then
        c="[^$TAB]*"
        { lines data/custody.tsv && [ "$(head -n 1 data/custody.tsv)" = "$CUSTODYHEAD" ] &&
            ! grep -Evxq "$c($TAB$c){11}" data/custody.tsv; } || return 1
        sed 1d data/custody.tsv | cut -f5,11,12 | sed "/^$c$TAB$TAB\$/d" > "$T/sealed"
        ! grep -Evxq "$HASH${TAB}data/inputs/$HASH\.txt$TAB$HASH" "$T/sealed" || return 1
        [ "$(cut -f1 "$T/sealed")" = "$(cut -c78-141 "$T/sealed")" ] || return 1
        while IFS=$TAB read -r one path hash; do
            printf '%s  %s\n' "$hash" "$path"
        done < "$T/sealed" | sort -u > "$T/said"
    fi
    grep '^[0-9a-f]*  data/inputs/' manifest-sha256.txt | sort | cmp -s - "$T/said"
}
# masked: every file of a masked copy is the signed one, or what the signed commitments say.
masked() {
    LIST=data/commitments.tsv c="[^$TAB]"
    { lines manifest-sha256.txt && ! grep -Evq "^$HASH  data/." manifest-sha256.txt; } ||
        die 'payload: the manifest is not as it is written'
    cut -c67- manifest-sha256.txt > "$T/names"
    sort -cu "$T/names" 2> "$T/said" || die 'payload: the manifest is not sorted'
    { [ -f $LIST ] && lines $LIST && grep -Fxq "$(sha256sum $LIST)" manifest-sha256.txt; } ||
        die 'payload: data/commitments.tsv is not the signed one'
    ! grep -Evq "^(file$TAB${c}+$TAB($HASH|-)|value$TAB${c}+$TAB$HASH)\$" $LIST ||
        die 'payload: data/commitments.tsv cannot be read'
    cut -f1,2 $LIST | sort -cu 2> "$T/said" || die 'payload: data/commitments.tsv is not sorted'
    ! grep -Eq "^file${TAB}data/(commitments|chain).tsv$TAB" $LIST ||
        die 'payload: data/commitments.tsv names what is never masked'
    [ -z "$(sort "$T/names" "$T/names" "$T/files" | uniq -u)" ] ||
        die 'payload: a file that is not in the manifest'
    files=0 withheld=0
    while IFS= read -r line; do
        hash=${line%%  *} name=${line#*  }
        if [ ! -f "$name" ]; then
            grep -Fxq "file$TAB$name$TAB-" $LIST || die "payload: $name is missing"
            withheld=$((withheld + 1))
        else
            now=$(digest "$name")
            [ "$now" != "$hash" ] || continue
            grep -Fxq "file$TAB$name$TAB$now" $LIST ||
                die "payload: $name is neither as it was signed nor as it is masked"
            files=$((files + 1))
        fi
    done < manifest-sha256.txt
    printf 'masked: %s values in %s files, %s files withheld, chained to the signed pack %s\n' \
        "$(grep -c "^value$TAB" $LIST)" $files $withheld "$(digest tagmanifest-sha256.txt)"
}

# whole PACK: only the files of a pack, each with its hash. Manifests are not read but made again
# and compared: there is one right spelling.
whole() (
    cd "$1" || die "$1: cannot be read as a folder"
    [ -z "$(find . ! -type f ! -type d)" ] || die 'a symbolic link or special file'
    [ -z "$(find . -name '*[[:cntrl:]\\%]*')" ] || die 'a name with a control character, \ or %'
    [ -z "$(find . -type d ! -path . ! -path ./data ! -path './data/*' ! -path ./signoff)" ] ||
        die 'a folder that does not belong to a pack'
    masked=
    if [ -e masked.txt ]; then
        echo 'fwproof masked copy 1' | same masked.txt 'masked.txt is not as it is written' || exit 1
        masked=masked.txt
    fi
    printf './%s\n' $TAGS data $masked signoff tagmanifest-sha256.txt | sort > "$T/list"
    { find . ! -name . -prune; echo ./signoff; } | sort -u |
        same "$T/list" 'a file too many or too few' || exit 1
    { [ -d data ] && [ ! -f signoff ]; } || die 'a file in the place of a folder'
    sha256sum $TAGS |
        same tagmanifest-sha256.txt 'tag files do not match tagmanifest-sha256.txt' || exit 1
    find data -type f | sort > "$T/files"
    if [ -n "$masked" ]; then
        masked || exit 1
    else
        while IFS= read -r f; do sha256sum "$f"; done < "$T/files" |
            same manifest-sha256.txt 'payload does not match manifest-sha256.txt' || exit 1
        copies || die 'payload: data/inputs/ and data/custody.tsv name different copies'
    fi
    find data -type d > "$T/folders"
    while IFS= read -r f; do
        [ -n "$(ls -A "$f")" ] || die 'an empty folder'
    done < "$T/folders"

    printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' |
        same bagit.txt 'bagit.txt does not declare BagIt 1.0 in UTF-8' || exit 1
    { lines bag-info.txt && ! grep -q "$TAB" bag-info.txt; } || die 'bag-info.txt: not plain text'
    ! grep -Evq '^[A-Z][A-Za-z0-9-]*: [^ ]' bag-info.txt || die 'bag-info.txt: not "Key: value"'
    [ -z "$(cut -d: -f1 bag-info.txt | sort | uniq -d)" ] || die 'bag-info.txt: a key stands twice'
    field . Pack-Period | grep -Exq "$WORD" || die 'bag-info.txt: no valid Pack-Period'
    field . Pack-Sequence | grep -Exq '[1-9][0-9]{0,5}' ||
        die 'bag-info.txt: no valid Pack-Sequence'
    size=$(while IFS= read -r f; do cat "$f"; done < "$T/files" | wc -c)
    [ -n "$masked" ] || [ "$(field . Payload-Oxum)" = "$((size)).$(($(wc -l < "$T/files")))" ] ||
        die 'Payload-Oxum does not match the payload'

    { [ -f data/chain.tsv ] && lines data/chain.tsv; } || die 'data/chain.tsv: not plain text'
    ! grep -Evq "^$WORD${TAB}[1-9][0-9]{0,5}$TAB$HASH$TAB($HASH|-)\$" data/chain.tsv ||
        die 'data/chain.tsv: expected period, sequence, two hashes'
    { cut -f2 data/chain.tsv; field . Pack-Sequence; } > "$T/sequence"
    i=0
    while read -r n; do
        i=$((i + 1))
        [ "$n" -eq "$i" ] || die 'the sequence of packs has a hole'
    done < "$T/sequence"

    [ -n "$masked" ] || { [ ! -e data/logs/index.tsv ] && [ ! -e data/logs/root.tsv ]; } || logs || exit 1

    # Of each role one signature: .sig or .p7s. A time stamp needs the countersignature.
    [ ! -d signoff ] || find signoff ! -path signoff | sed 's/p7s$/sig/' | sort > "$T/signoff"
    case $([ ! -d signoff ] || cut -d/ -f2 "$T/signoff" | tr '\n' ' ') in
    '' | 'allowed_signers reviewer.sig ') ;;
    'allowed_signers countersign.sig countersign.txt reviewer.sig ' | \
    'allowed_signers ciso.sig countersign.sig countersign.txt reviewer.sig ' | \
    'allowed_signers countersign.sig countersign.txt reviewer.sig timestamp.tsq timestamp.tsr ' | \
    'allowed_signers ciso.sig countersign.sig countersign.txt reviewer.sig timestamp.tsq timestamp.tsr ')
        sha256sum tagmanifest-sha256.txt "$(by . reviewer)" data/chain.tsv |
            same signoff/countersign.txt 'countersign.txt does not list this pack and its signature'
        ;;
    *) die 'signoff/ has a file too many or too few' ;;
    esac
)

# bare OPTIONS: without what stands in quotes, where a name may look like an option.
bare() { printf '%s\n' "$1" | sed 's/"[^"]*"//g'; }
# keys FILE: each line is one person and one key, with roles. A line without namespaces= would let a
# reviewer countersign; a pattern or a certificate authority would let somebody be anybody.
keys() {
    plain "$1" || die "$1: a control character"
    : > "$T/keys"
    while read -r who options type key rest || [ -n "$who" ]; do
        case $who in
        '' | '#'*) continue ;;
        *[*?,]*) die "$1: $who is a pattern or a list: one line names one person" ;;
        esac
        bare=$(bare "$options")
        case $options in
        *cert-authority*) die "$1: $who: certificate authorities are not accepted" ;;
        esac
        case $bare in
        *namespaces=*namespaces=* | *valid-after=*valid-after=* | *valid-before=*valid-before=*)
            die "$1: $who: an option stands twice" ;;
        *namespaces=*) ;;
        *) die "$1: no namespaces=: write $who namespaces=\"fwproof-reviewer@v1\" KEY-TYPE KEY" ;;
        esac
        case $type$bare in
        *-cert-*) die "$1: $who: certificates are not accepted" ;;
        x509-sha256*valid-*) die "$1: $who: a certificate has dates of its own" ;;
        esac
        printf '%s\n' "$who $options $type $key" > "$T/line"
        grep -Exq "$LINE" "$T/line" || die "$1: $who: expected name, options, key type, key"
        cat "$T/line" >> "$T/keys"
    done < "$1"
}

# by PACK reviewer|countersign|ciso: the file of a signature, of which there is one at most.
by() { if [ -f "$1/signoff/$2.p7s" ]; then echo "signoff/$2.p7s"; else echo "signoff/$2.sig"; fi; }
# stamped: what is time-stamped of the pack that this is run in.
stamped() {
    sha256sum signoff/countersign.txt "$(by . countersign)"
    [ ! -f "$(by . ciso)" ] || sha256sum "$(by . ciso)"
}

# The one spelling of a signed message (CMS, RFC 5652): it is made again from its parts and compared.
hex() { od -An -v -tx1 "$1" | tr -d ' \n'; }
tlv() { # TAG HEX...: as DER
    tag=$1
    shift
    body=$(printf %s "$@")
    n=$((${#body} / 2))
    if [ $n -lt 128 ]; then printf '%s%02x%s' "$tag" $n "$body"
    elif [ $n -lt 256 ]; then printf '%s81%02x%s' "$tag" $n "$body"
    elif [ $n -lt 65536 ]; then printf '%s82%04x%s' "$tag" $n "$body"
    else printf '%s83%06x%s' "$tag" $n "$body"; fi
}
# cut FILE LINE: the bytes that a line of asn1parse is about.
cutout() {
    printf '%s\n' "$2" | sed -n 's/^ *\([0-9]*\):d=[0-9 ]*hl=\([0-9]*\) *l= *\([0-9]*\) .*/\1 \2 \3/p' |
        while read -r at head len; do
            hex "$1" | cut -c$((2 * at + 1))-$((2 * (at + head + len)))
        done
}
# message FILE VERSION TYPE CONTENT: a signed message of this type (DER), content (DER or nothing),
# with one signer and the signer's certificate only, which comes to lie in $T/cert and $T/cert.der.
# Sets $signed, what is signed besides the content, and $hashed, the name of the digest.
message() {
    openssl asn1parse -inform DER -in "$1" > "$T/asn1" 2> "$T/said" || return 1
    openssl pkcs7 -inform DER -in "$1" -print_certs 2> "$T/said" |
        openssl x509 -out "$T/cert" 2> "$T/said" || return 1
    openssl x509 -in "$T/cert" -outform DER -out "$T/cert.der"
    openssl asn1parse -inform DER -in "$T/cert.der" | grep ':d=2 ' > "$T/fields"
    serial=$(cutout "$T/cert.der" "$(grep 'prim: INTEGER' "$T/fields" | head -n 1)")
    issuer=$(cutout "$T/cert.der" "$(grep 'cons: SEQUENCE' "$T/fields" | sed -n 2p)")
    # The signer's members: what follows the last line of depth 4 in depth 5.
    sed -n '/:d=4 /h;/:d=5 /H;${x;p;}' "$T/asn1" | sed 1d > "$T/signer"
    set -- "$@" "$(cutout "$1" "$(sed -n 3p "$T/signer")")" \
        "$(cutout "$1" "$(sed -n '$p' "$T/signer")")" "$(cutout "$1" "$(sed -n 'x;$p' "$T/signer")")"
    signed=
    [ $(($(wc -l < "$T/signer"))) -ne 6 ] || signed=$(cutout "$1" "$(sed -n 4p "$T/signer")")
    hashed=$5
    case $hashed in
    300b060960864801650304020[123] | 300d060960864801650304020[123]0500) ;;
    *) return 1 ;;
    esac
    case $7 in 300d06092a864886f70d0101010500 | 300a06082a8648ce3d04030[234]) ;; *) return 1 ;; esac
    content=
    [ -z "$4" ] || content=$(tlv a0 "$4")
    signer=$(tlv 30 020101 "$(tlv 30 "$issuer" "$serial")" "$5" "$signed" "$7" "$6")
    body=$(tlv 30 "0201$2" "$(tlv 31 "$5")" "$(tlv 30 "$3" "$content")" \
        "$(tlv a0 "$(hex "$T/cert.der")")" "$(tlv 31 "$signer")")
    [ "$(tlv 30 06092a864886f70d010702 "$(tlv a0 "$body")")" = "$(hex "$1")" ]
}
# seconds YYYYMMDDHHMMSSZ: since 1970.
seconds() {
    date -u -d "$(printf '%s\n' "$1" |
        sed 's/^\(....\)\(..\)\(..\)\(..\)\(..\)\(..\).*/\1-\2-\3 \4:\5:\6/')" +%s
}
# said: the last thing that openssl complained about.
said() { grep -i 'error' "$T/said" | tail -n 1 | sed 's/.*[.]c:[0-9]*://'; }

# stamp PACK now|past: an authority stamped these signatures; sets WHEN if it is one of TSA_CA.
stamp() {
    TSR=$1/signoff/timestamp.tsr
    if [ ! -f "$TSR" ]; then
        [ "$2" = past ] || [ -z "${TSA_CA-}" ] || [ ! -f "$1/signoff/countersign.txt" ] ||
            die 'the pack has no time stamp'
        return 0
    fi
    command -v openssl > "$T/said" || die 'openssl is not installed: the time stamp needs it'
    (cd "$1" && stamped) > "$T/stamped"
    imprint=$(tlv 30 300d06096086480165030402010500 "0420$(digest "$T/stamped")")
    [ "$(tlv 30 020101 "$imprint" 0101ff)" = "$(hex "$1/signoff/timestamp.tsq")" ] ||
        die 'timestamp.tsq does not ask for these signatures'
    openssl ts -reply -in "$TSR" -token_out -out "$T/token" 2> "$T/said" &&
        openssl cms -verify -inform DER -in "$T/token" -noverify -binary -out "$T/tst" \
            2> "$T/said" || die "timestamp.tsr: its signature does not fit: $(said)"
    [ "$(hex "$TSR")" = "$(tlv 30 3003020100 "$(hex "$T/token")")" ] &&
        message "$T/token" 03 060b2a864886f70d0109100104 "$(tlv 04 "$(hex "$T/tst")")" ||
        die 'timestamp.tsr is not as fwproof attaches it'
    openssl asn1parse -inform DER -in "$T/tst" > "$T/asn1" 2> "$T/said" || die 'timestamp.tsr: no time'
    [ "$(grep -m 1 'OCTET STRING' "$T/asn1" | sed 's/.*://' | tr A-F a-f)" = \
        "$(digest "$T/stamped")" ] || die 'timestamp.tsr stamps something else than these signatures'
    time=$(sed -n 's/.*GENERALIZEDTIME *://p' "$T/asn1" | grep -Ex '[0-9]{14}([.][0-9]+)?Z')
    STAMP=$(printf '%s\n' "$time" | cut -c1-14)Z
    printf '%s\n' "$STAMP" | grep -Exq "$TIME" || die 'timestamp.tsr: no time in UTC'
    if [ -z "${TSA_CA-}" ]; then
        echo "note: $STAMP, says a time stamp: set TSA_CA to verify it"
        STAMP=
        return 0
    fi
    openssl ts -verify -in "$TSR" -digest "$(digest "$T/stamped")" -CAfile "$TSA_CA" \
        -attime "$(seconds "$STAMP")" > "$T/said" 2>&1 ||
        die "timestamp.tsr is not by an authority that is trusted: $(said)"
    echo "  time stamp: $STAMP"
    WHEN=$STAMP
}
# later A B: of two times.
later() { printf '%s\n' "$1" "$2" | sort | tail -n 1; }
# ask AFTER now|past: sets AT to the time at which what is valid from AFTER on has to hold still; of a
# pack of the past that is any from FROM to UNTIL. Fails when there is none; $never says so.
ask() {
    AT=$WHEN never="at $WHEN"
    [ "$2" = past ] && [ -z "$WHEN" ] || return 0
    AT=$(later "$FROM" "$1") never="from $FROM to ${UNTIL:-now}"
    [ -z "$UNTIL" ] || [ "$(later "$AT" "$UNTIL")" = "$UNTIL" ]
}
# timed WHOSE now|past: there is a time that dates can be compared with, or why says what lacks.
timed() {
    why="$1 has dates: set VERIFY_TIME or TSA_CA"
    [ "$2" != past ] || why="$1 has dates, and the pack does not say which day it counts from"
    [ -n "$WHEN" ] || { [ "$2" = past ] && [ -n "$FROM" ]; }
}
# certificate ROLE SIGNATURE DATA now|past: like signer, with certificates.
certificate() {
    command -v openssl > "$T/said" || die 'openssl is not installed: certificates need it'
    message "$2" 01 06092a864886f70d010701 '' && [ -z "$signed" ] &&
        [ "$hashed" = 300b0609608648016503040201 ] ||
        die "$1: not a CMS signature as fwproof writes it"
    pin=$(digest "$T/cert.der") found=
    while read -r who options type key; do
        case ,$(printf '%s\n' "$options" | sed 's/.*namespaces="\([^"]*\)".*/\1/'), in
        *",fwproof-$1@v1,"*) ;;
        *) continue ;;
        esac
        [ "$type $key" = "x509-sha256 $pin" ] || continue
        found=$who
        break
    done < "$T/keys"
    [ -n "$found" ] || die "not signed by a key that is trusted as $1"
    openssl cms -verify -inform DER -in "$2" -content "$3" -binary -noverify -out "$T/content" \
        2> "$T/said" || die "$1: the signature does not fit this pack"
    [ -z "${ALLOWED-}" ] || [ -n "${CA-}" ] ||
        die "$1: signed with a certificate: set CA to those of the authorities"
    if [ -n "${CA-}" ]; then
        timed "the certificate of $found" "$4" || die "$1: $why"
        after=$(openssl x509 -in "$T/cert" -noout -startdate | sed 's/.*=//')
        ask "$(date -u -d "$after" +%Y%m%d%H%M%SZ)" "$4" ||
            die "$1: the certificate of $found does not hold $never: certificate is not yet valid"
        openssl cms -verify -inform DER -in "$2" -content "$3" -binary -CAfile "$CA" \
            -attime "$(seconds "$AT")" -out "$T/content" 2> "$T/said" ||
            die "$1: the certificate of $found does not hold $never: $(said)"
        [ "$4" = past ] || listed "$@"
    fi
    printf '%s\n' "$found namespaces=\"fwproof-$1@v1\" $type $pin" >> "$T/people"
    openssl x509 -in "$T/cert" -noout -pubkey > "$T/pem"
    # A point has several spellings: that of ssh-keygen.
    { openssl ec -pubin -in "$T/pem" -conv_form uncompressed -param_enc named_curve 2> "$T/said" ||
        cat "$T/pem"; } | sha256sum >> "$T/public"
    printf '  %s: %s\n' "$1" "$found"
}
# listed ROLE SIGNATURE DATA: is the certificate on a list? Then it does not count, whenever it was
# revoked.
listed() {
    REVOKED='note: whether certificates were revoked was not looked at: CRL='
    [ -n "${CRL-}" ] || return 0
    REVOKED='no certificate is on the lists that were given'
    cat "$CA" "$CRL" > "$T/lists"
    openssl cms -verify -inform DER -in "$2" -content "$3" -binary -CAfile "$T/lists" \
        -no_check_time -crl_check -out "$T/content" 2> "$T/said" ||
        die "$1: the certificate of $found does not count: $(said)"
}

# fits [OPTION...]: the signature SIG over DATA is by the one line in $T/one.
fits() {
    ssh-keygen -Y verify -f "$T/one" -I "$who" -n "$SPACE" -s "$SIG" "$@" < "$DATA" > "$T/said" 2>&1
}
# signer ROLE SIGNATURE DATA now|past: by whom of $T/keys.
signer() {
    SPACE=fwproof-$1@v1 SIG=$2 DATA=$3 why="not signed by a key that is trusted as $1"
    case $2 in *.p7s) certificate "$@"; return 0 ;; esac
    sed '1d;$d' "$SIG" | base64 -d > "$T/blob" 2> "$T/said"
    { echo '-----BEGIN SSH SIGNATURE-----'; base64 -w 70 "$T/blob"
        echo '-----END SSH SIGNATURE-----'; } |
        same "$SIG" "$1: not as ssh-keygen writes it" || exit 1
    # SSHSIG, version, key, namespace, and nothing in the field after it, which is not signed.
    hex=$(od -An -v -tx1 "$T/blob" | tr -d ' \n')
    after=$((29 + 2 * 0x0$(printf '%s' "$hex" | cut -c21-28)))
    want=$(printf '%08x' "${#SPACE}")$(printf '%s' "$SPACE" | od -An -v -tx1 | tr -d ' \n')00000000
    case $(printf '%s' "$hex" | cut -c"$after-") in
    "$want"*) ;;
    *) die "$1: signed in another namespace" ;;
    esac
    while read -r who options type key; do
        case ,$(printf '%s\n' "$options" | sed 's/.*namespaces="\([^"]*\)".*/\1/'), in
        *",$SPACE,"*) ;;
        *) continue ;;
        esac
        [ "$type" != x509-sha256 ] || continue
        line="$who namespaces=\"$SPACE\" $type $key"
        printf '%s\n' "$line" > "$T/one"
        fits || continue
        case $(bare "$options") in
        *valid-*)
            printf '%s\n' "$who $options $type $key" > "$T/one"
            timed "$1: the key of $who" "$4" || continue
            after=$(printf '%s\n' "$options" | sed -n 's/.*valid-after="\([0-9]*\).*/\1/p')
            ask "$(printf '%s00000000000000' "$after" | cut -c1-14)Z" "$4" &&
                fits -O "verify-time=${AT%Z}" || {
                why="$1: the key of $who was not valid $never"
                continue
            } ;;
        esac
        printf '%s\n' "$line" >> "$T/people"
        printf '%s %s\n' "$type" "$key" > "$T/pem"
        # Those that certificates can hold as well are written as there.
        { ssh-keygen -e -m PKCS8 -f "$T/pem" 2> "$T/said" || cat "$T/pem"; } | sha256sum >> "$T/public"
        printf '  %s: %s\n' "$1" "$who"
        return 0
    done < "$T/keys"
    die "$why"
}
# day PACK HHMMSS: the day that it counts from, at this time; empty when it does not say.
day() {
    [ -f "$1/bag-info.txt" ] || return 0 # nobody has looked at this one yet
    field "$1" Pack-As-Of | sed -n "s/^\(....\)-\(..\)-\(..\).*/\1\2\3$2Z/p" | grep -Ex "$TIME"
}
# signed PACK now|past: sets STATE. Keys of a pack of the past must have been good between the day
# that it counts from and UNTIL, when its signatures were recorded.
signed() {
    STATE=unsigned WHEN="" STAMP="" FROM=$(day "$1" 000000)
    [ "$2" = past ] || WHEN=${VERIFY_TIME-}
    [ -f "$1/$(by "$1" reviewer)" ] || return 0
    command -v ssh-keygen > "$T/said" || die 'ssh-keygen is not installed'
    keys "${ALLOWED:-$1/signoff/allowed_signers}"
    : > "$T/people"
    : > "$T/public"
    stamp "$1" "$2"
    signer reviewer "$1/$(by "$1" reviewer)" "$1/tagmanifest-sha256.txt" "$2"
    STATE='signed by the reviewer only'
    if [ -f "$1/signoff/countersign.txt" ]; then
        signer manager "$1/$(by "$1" countersign)" "$1/signoff/countersign.txt" "$2"
        STATE=signed
    fi
    if [ -f "$1/$(by "$1" ciso)" ]; then
        (cd "$1" && sha256sum signoff/countersign.txt "$(by . countersign)") > "$T/ciso"
        signer ciso "$1/$(by "$1" ciso)" "$T/ciso" "$2"
    fi
    [ -z "$(cut -d' ' -f1 "$T/people" | tr 'A-Z' 'a-z' | sort | uniq -d)" ] ||
        die 'one person signed in two roles'
    [ -z "$(sort "$T/public" | uniq -d)" ] || die 'one key signed in two roles'
    cmp -s "$T/people" "$1/signoff/allowed_signers" ||
        die 'allowed_signers does not name exactly those who signed'
}

# unpack PACK: sets FOLDER; an archive is unpacked when it holds plain files in one folder only.
unpack() {
    FOLDER=$(path "$1")
    [ -f "$FOLDER" ] || return 0
    tar -tzf "$FOLDER" > "$T/names" 2> "$T/said" || die "$1: not an archive"
    tar -tvzf "$FOLDER" > "$T/kinds" 2> "$T/said" || die "$1: not an archive"
    ! grep -vq '^-' "$T/kinds" || die "$1: more than plain files"
    [ -z "$(sort "$T/names" | uniq -d)" ] || die "$1: a name twice"
    { [ "$(cut -d/ -f1 "$T/names" | sort -u | wc -l)" -eq 1 ] &&
        ! grep -Eq '^/|(^|/)\.\.?(/|$)' "$T/names"; } || die "$1: more than one folder"
    unpacked=$((unpacked + 1))
    mkdir "$T/pack$unpacked" && tar -xzf "$FOLDER" -C "$T/pack$unpacked" 2> "$T/said" ||
        die "$1: cannot be unpacked"
    FOLDER=$T/pack$unpacked/$(head -n 1 "$T/names" | cut -d/ -f1)
}
unpacked=0

[ -z "${ALLOWED-}" ] || { ALLOWED=$(path "$ALLOWED"); keys "$ALLOWED"; }
[ -z "${CA-}" ] || CA=$(path "$CA")
[ -z "${CRL-}" ] || CRL=$(path "$CRL")
[ -z "${TSA_CA-}" ] || TSA_CA=$(path "$TSA_CA")
# Nothing of this machine's own authorities counts.
mkdir "$T/nothing" || exit 2
SSL_CERT_DIR=$T/nothing SSL_CERT_FILE=$T/nothing/file
export SSL_CERT_DIR SSL_CERT_FILE
unpack "$1"
P=$FOLDER
shift
whole "$P" || exit 1
cmp -s "$0" "$P/verify.sh" || case " $KNOWN " in
*" $(digest "$P/verify.sh") "*) ;;
*) die 'verify.sh in the pack is not this one' ;;
esac
printf 'whole: %s, head %s\n' "$P" "$(digest "$P/tagmanifest-sha256.txt")"
REVOKED=
signed "$P" now
[ -z "$REVOKED" ] || echo "$REVOKED"
VERDICT=$STATE ANCHOR=$STAMP SIGNED=$WHEN

recorded=$(($(wc -l < "$P/data/chain.tsv")))
if [ $# -eq 0 ] && [ "$recorded" -gt 0 ]; then
    echo "note: not compared with the $recorded earlier packs that it records:"
    cat "$P/data/chain.tsv"
elif [ $# -ne "$recorded" ]; then
    die "$recorded earlier packs are recorded, $# given: give all, oldest first"
fi
for Q; do
    unpack "$Q"
    shift
    set -- "$@" "$FOLDER"
done
n=0
while [ $# -gt 0 ]; do
    Q=$1 n=$((n + 1))
    shift
    whole "$Q" || exit 1
    case $(sed -n "${n}p" "$P/data/chain.tsv") in
    *-) UNTIL= ;; # its signatures came later
    *) UNTIL=$(day "${1-$P}" 235959) ;;
    esac
    [ $# -gt 0 ] || [ -z "$UNTIL" ] || UNTIL=$(later "$UNTIL" "$SIGNED")
    signed "$Q" past
    [ "$STATE" = signed ] || [ -n "${ALLOW_UNSIGNED-}" ] ||
        die "$Q is not signed by reviewer and manager"
    line="$(field "$Q" Pack-Period)$TAB$(field "$Q" Pack-Sequence)$TAB"
    line=$line$(digest "$Q/tagmanifest-sha256.txt")$TAB
    counter=-
    [ ! -f "$Q/signoff/countersign.txt" ] || counter=$(digest "$Q/signoff/countersign.txt")
    case $(sed -n "${n}p" "$P/data/chain.tsv") in
    "$line$counter" | "$line-") ;;
    *) die "$Q is not the pack recorded as number $n: changed, rebuilt, or in another order" ;;
    esac
    sed "$n,\$d" "$P/data/chain.tsv" | cmp -s - "$Q/data/chain.tsv" ||
        die "$Q records other packs before it"
    printf 'unchanged: %s\n' "$Q"
done

if [ -z "${HEAD-}" ] && [ -n "$ANCHOR" ]; then
    echo "an outside authority stamped it at $ANCHOR"
elif [ -z "${HEAD-}" ]; then
    echo 'note: no outside anchor: compare the head with one kept elsewhere (HEAD=)'
else
    [ "$HEAD" = "$(digest "$P/tagmanifest-sha256.txt")" ] ||
        die 'this is not the pack whose head is kept elsewhere'
    echo 'the head is the one kept elsewhere'
fi

if [ "$VERDICT" = signed ] && [ -n "${ALLOWED-}" ]; then
    echo VERIFIED
    exit 0
fi
[ "$VERDICT" != signed ] ||
    VERDICT='consistent, but the keys are its own: set ALLOWED to your copy of them'
printf 'NOT VERIFIED: whole, %s\n' "$VERDICT"
[ -n "${ALLOW_UNSIGNED-}" ]
