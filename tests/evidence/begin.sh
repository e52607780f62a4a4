# How every script here begins: sourced, with TOPIC set, and HERE where this folder is.
# shellcheck shell=sh
LC_ALL=C.UTF-8
export LC_ALL
unset ALLOWED CA CRL TSA_CA VERIFY_TIME ALLOW_UNSIGNED HEAD SSH_AUTH_SOCK
W=$(mktemp -d) || exit 1
trap 'rm -rf "$W"' EXIT
trap 'exit 1' HUP INT TERM
TAB=$(printf '\t')

# absolute PATH
absolute() {
    case $1 in
    /*) printf '%s\n' "$1" ;;
    *) printf '%s\n' "$PWD/$1" ;;
    esac
}

ok() { printf 'ok %s: %s\n' "$TOPIC" "$1"; }
# bad WHAT: what the last command said stands in $W/out.
bad() {
    printf 'not ok %s: %s\n' "$TOPIC" "$1"
    [ ! -f "$W/out" ] || sed 's/^/    /' "$W/out" | head -n 20
}
# says NAME EXIT PATTERN COMMAND...
says() {
    name=$1 want=$2 what=$3
    shift 3
    "$@" > "$W/out" 2>&1
    rc=$?
    if [ $rc -eq "$want" ] && grep -q -e "$what" "$W/out"; then ok "$name"
    else bad "$name: exit $rc, expected $want and \"$what\""; fi
}
