# Meson's testlog.json, one object a line, as the runner's lines.

# The string value of a key, unescaped as far as our programs' output needs it.
function text(key,    at, rest, out, c) {
    at = index($0, "\"" key "\": \"")
    if (at == 0) {
        return ""
    }
    rest = substr($0, at + length(key) + 5)
    out = ""
    while ((c = substr(rest, 1, 1)) != "\"" && c != "") {
        if (c == "\\") {
            c = substr(rest, 2, 1)
            rest = substr(rest, 2)
            c = c == "n" ? "\n" : c == "t" ? "\t" : c
        }
        out = out c
        rest = substr(rest, 2)
    }
    return out
}

{
    name = text("name")
    sub(/^[^\/]* \/ /, "", name)
    result = text("result")
    n = split(text("stdout"), lines, "\n")
    own = 0
    red = 0
    last = ""
    for (i = 1; i <= n; i++) {
        if (lines[i] ~ /^(ok|skip|not ok) /) {
            own++
        }
        if (lines[i] ~ /^not ok /) {
            red++
        }
        print lines[i]
        if (lines[i] != "") {
            last = lines[i]
        }
    }
    split(text("stderr"), errors, "\n")
    if (result == "SKIP") {
        print "skip " name ": " last
    } else if (result != "OK" && result != "FAIL") {
        print "not ok " name ": " tolower(result) ": " (errors[1] != "" ? errors[1] : last)
    } else if (result == "FAIL" && red == 0) { # it ended before it could say what failed
        print "not ok " name ": " (errors[1] != "" ? errors[1] : last)
    } else if (own == 0) {
        print "ok " name
    }
}
