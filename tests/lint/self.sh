#!/bin/sh
# A small tree with one mistake of each kind: every check has to name it.
. "$lint/common.sh"
FILES=$TMP/files
TMP=$TMP/self
tree=$TMP/tree
mkdir -p "$tree"
cp .clang-format "$tree"
cd "$tree" || exit
export TMP

mkdir -p core policy parsers analyzers evidence docs/adr tests/unit tests/lost
echo "sources += files('listed.c')" >core/meson.build
cat >core/top.c <<'END'
/* strcpy(a, b) in a comment, "sprintf(" in a string: no mistakes. */
#include "policy/model.h"
#include <ctype.h>
static const char text[] = "atoi(x) \" sprintf(y)"; // system(z)
void f(void) { strcpy(a, b); } /* and */ int g(void) { return x.time(1); }
void h(void)
{
    exit(time(0));
}
END
printf '/* Blanks and a tab. */ \n\tint x;\n' >core/blank.c
printf 'no comment, and no newline at the end' >core/odd.c
printf '/* Order: none. */\nFW_DIAG(NEW_ONE, WARNING, "x")\n' >core/diag.def
printf '/* Sorted. */\nFW_LIMIT(B, 1, "x")\nFW_LIMIT(A, 1, "x")\n' >core/limits.def
printf '/* Whatever. */\nFW_X(a)\n' >core/x.def
printf '## old-one\n' >docs/diagnostics.md
echo x >docs/adr/0001-a.md
echo x >docs/adr/0001-b.md
printf '/* TODO: more. */\n#include <sqlite3.h>\n' >parsers/door.c
printf '/* A question. */\nint x = fw_source_open(path, &source);\n' >analyzers/reads.c
printf '/* Sorted. */\nFW_PARSER(nofixture)\n' >parsers/registry.def
echo >parsers/meson.build
printf '/* Sorted. */\nFW_SUITE(gone)\n' >tests/unit/suites.def
echo '/* A test. */' >tests/unit/test_new.c
printf '#!/bin/sh\nif then\n' >evidence/broken.sh
awk 'BEGIN { print "/* Long. */"; for (i = 0; i < 700; i++) print "" }' >core/long.h
echo x >tests/lost/file
printf '/* Doors. */\n#include "tests/unit/suites.h"\nint x = clock_gettime(0, &now);\n' >evidence/clock.c
printf '/* Ends. */\nvoid f(void) { abort(); }\n' >evidence/ends.c
printf '#!/bin/sh\n# Unquoted.\n[ $1 = a -o b ] && cd $x; echo `ls`\r\n' >evidence/odd.sh
echo x >docs/adr/noted.md
mkdir rulesets
printf '{\n  "words": {\n    "label.lost": {"en": "lost"}\n  }\n}\n' >rulesets/words.json
printf 'PROFILE\0' >profile.data

find . -type f | sed 's,^\./,,' | LC_ALL=C sort >"$TMP/files"
for check in "$lint"/check_*.sh; do
    sh "$check"
done >"$TMP/said" 2>&1

while IFS= read -r line; do
    grep "^not ok " "$TMP/said" | grep -q -F " $line" || echo "nothing said \"$line\""
done <<'END' | verdict "a broken tree is noticed"
includes point down the layers: core/top.c:2 includes policy/model.h
one door to the store: parsers/door.c:2
analyzers open no files: analyzers/reads.c:2
the library neither prints nor exits nor asks the machine: core/top.c:8
banned functions: core/top.c:5
includes point down the layers: evidence/clock.c:2 includes tests/unit/suites.h of the tests
nothing else aborts: evidence/ends.c:2
one clock, and only for progress: evidence/clock.c:3
no carriage returns: evidence/odd.sh:3
decisions are numbered: docs/adr/noted.md is not NNNN-title.md
shellcheck: evidence/odd.sh:3
banned headers: core/top.c:3
sources of core: core/listed.c is in core/meson.build or a registry but is no file
sources of core: core/odd.c is not in core/meson.build
sources of parsers: parsers/nofixture.c is in
unit suites: tests/unit/test_gone.c is in tests/unit/suites.def but is no file
unit suites: tests/unit/test_new.c is not in tests/unit/suites.def
words are said: "label.lost"
order of core/limits.def: A is out of order
order of core/x.def: its first comment
test suites: tests/lost has no executable
formats have fixtures: nofixture has no file
diagnostics are explained: new-one has no section
diagnostics are explained: old-one is explained there
limits are tested: no test names FW_LIMIT_A
decisions are numbered: 0001 is a number of two
files are text: profile.data
no blanks at the ends of lines: core/blank.c:1
no tabs: core/blank.c:2
files end with a newline: core/odd.c
nothing is left to do: parsers/door.c:1
no file is longer than 700 lines: core/long.h has 701 lines
files say what they are about: core/odd.c
clang-format: core/top.c:5
shells can read the scripts: evidence/broken.sh
END
grep -E '^not ok .*core/top.c:(1|4)([^0-9]|$)' "$TMP/said" | grep -v clang-format |
    verdict "comments and strings are no code"
