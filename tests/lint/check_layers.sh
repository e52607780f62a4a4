#!/bin/sh
# Includes point only down the layers; some doors exist once; some functions have no place here.
. "$lint/common.sh"

grep -E '^(core|policy|parsers|analyzers|evidence|report|cli)/.*\.[ch]$' "$TMP/files" |
    xargs awk -f "$lint/code.awk" >"$TMP/code"
sed -n 's/^\([^:]*:[0-9]*\):[ ]*#[ ]*include[ ]*["<]\([^">]*\)[">].*/\1 \2/p' "$TMP/code" \
    >"$TMP/includes"

awk '
    BEGIN {
        n = split("core policy parsers analyzers evidence report cli", order, " ")
        for (i = 1; i <= n; i++) {
            rank[order[i]] = i
        }
    }
    {
        split($1, from, "/")
        split($2, to, "/")
        if (to[1] in rank && rank[to[1]] > rank[from[1]]) {
            print $1 " includes " $2 " of a layer above"
        } else if (to[1] == "tests") {
            print $1 " includes " $2 " of the tests"
        }
    }' "$TMP/includes" | verdict "includes point down the layers"

grep -E ' (sqlite3|curl/.*)\.h$' "$TMP/includes" | grep -v '^evidence/store' |
    verdict "one door to the store"

# The catalogue is read from a folder when the user has rulesets of their own.
{
    grep -E '^analyzers/.* (stdio|fcntl|dirent|unistd|sys/.*)\.h$' "$TMP/includes"
    grep -E '^analyzers/.*[^a-zA-Z0-9_]fw_(source_(open|load)|walk|glob|file_[a-z]*|dir_[a-z]*)\(' \
        "$TMP/code"
} | grep -v '^analyzers/catalogue' | verdict "analyzers open no files"

# A guard that is missing and a hash that cannot be made end the program; nothing else does.
grep -E '[^a-zA-Z0-9_]abort\(' "$TMP/code" | grep -v -E '^(core/.*|policy/analysis\.c):' |
    verdict "nothing else aborts"
# The end of a process, its output, its environment and the clock belong to cli/.
machine='exit|printf|vprintf|puts|putchar|perror|getenv|secure_getenv|setenv|time|mktime'
machine="$machine|gettimeofday|localtime(_r)?|tzset|ctime|setlocale|syslog"
grep -v '^cli/' "$TMP/code" | grep -E "[^a-zA-Z0-9_>.]($machine)\\(" |
    verdict "the library neither prints nor exits nor asks the machine"
grep -E '[^a-zA-Z0-9_]clock_gettime\(' "$TMP/code" | grep -v '^core/progress\.c:' |
    verdict "one clock, and only for progress"

# Unbounded, bound to a locale, with hidden state, or a shell: no input may reach them.
banned='strtok(_r)?|[sf]?scanf|vsscanf|gets|strcpy|stpcpy|strcat|strncat|strncpy|v?sprintf'
banned="$banned|ato(i|l|ll|f)|strto[dfl]|strtold|system|popen|tmpnam|tempnam|mktemp|alloca"
banned="$banned|rand|srand|random|signal"
grep -E "[^a-zA-Z0-9_]($banned)\\(" "$TMP/code" | verdict "banned functions"
grep -E ' (ctype|wctype|wchar|locale|regex|alloca|setjmp)\.h$' "$TMP/includes" |
    grep -v -E '^(core/arena\.[ch]|parsers/parser\.c):[0-9]* setjmp\.h$' | verdict "banned headers"
